package keras

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// rows returns the given samples, in the types that they have.
func (a *arrays) rows(rows []int) *arrays {
	take := func(list []*tensor.Tensor) []*tensor.Tensor {
		out := make([]*tensor.Tensor, len(list))
		for i, t := range list {
			if t != nil {
				s := t.Shape().Clone()
				s[0] = len(rows)
				out[i] = tensor.New(t.DType(), s...)
				tensor.Gather(out[i], t, rows)
			}
		}
		return out
	}
	return &arrays{x: take(a.x), y: take(a.y), w: take(a.w), n: len(rows)}
}

// hosted runs what comes before the step on a batch, and returns the batch with its
// results among the data, and its specs.
func (m *Model) hosted(a *arrays) (*arrays, specs, error) {
	h, err := m.host(a.x)
	if err != nil {
		return nil, specs{}, err
	}
	a = &arrays{x: slices.Concat(a.x, h.values), y: a.y, w: a.w, n: a.n}
	s := a.specs(a.n)
	for i, t := range h.values { // which may have one row for all samples, and numbers of 64 bits
		s.x[len(s.x)-len(h.values)+i] = graph.Spec{DType: t.DType(), Shape: t.Shape()}
	}
	s.host = h.keys
	return a, s, nil
}

// batch is the memory that batches of one length are gathered in.
type batch struct {
	specs
	x, y, w []*tensor.Tensor
	n       int
}

func (a *arrays) newBatch(n int) *batch {
	b := &batch{specs: a.specs(n), n: n}
	alloc := func(s []graph.Spec) []*tensor.Tensor {
		out := make([]*tensor.Tensor, len(s))
		for i, v := range s {
			if v.Shape != nil {
				out[i] = tensor.New(v.DType, v.Shape...)
			}
		}
		return out
	}
	b.x, b.y, b.w = alloc(b.specs.x), alloc(b.specs.y), alloc(b.specs.w)
	return b
}

// gather copies the given samples into b, from place at on.
func (a *arrays) gather(b *batch, at int, rows []int) {
	for _, l := range [][2][]*tensor.Tensor{{b.x, a.x}, {b.y, a.y}, {b.w, a.w}} {
		for i, dst := range l[0] {
			if dst != nil {
				tensor.GatherAt(dst, at, l[1][i], rows)
			}
		}
	}
}
