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

// batch is the memory that batches of one length are gathered in, as far as it is needed.
type batch struct {
	specs
	x, y, w []*tensor.Tensor
	n       int
}

func (a *arrays) newBatch(n int) *batch {
	b := &batch{specs: a.specs(n), n: n}
	b.x, b.y, b.w = make([]*tensor.Tensor, len(b.specs.x)), make([]*tensor.Tensor, len(b.specs.y)), make([]*tensor.Tensor, len(b.specs.w))
	return b
}

// memory returns b with memory for everything.
func (b *batch) memory() *batch {
	for _, l := range b.lists() {
		for i, s := range l.specs {
			if s.Shape != nil && l.to[i] == nil {
				l.to[i] = tensor.New(s.DType, s.Shape...)
			}
		}
	}
	return b
}

// part is what a batch has of data, of targets or of weights.
type part struct {
	specs []graph.Spec
	to    []*tensor.Tensor
}

func (b *batch) lists() [3]part {
	return [3]part{{b.specs.x, b.x}, {b.specs.y, b.y}, {b.specs.w, b.w}}
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

// whole returns all samples as a step takes them, in its order x, y, w. What has the
// type that the step wants is used as it is, the rest is copied into b.
func (a *arrays) whole(b *batch, rows []int) [3][]*tensor.Tensor {
	all := [3][]*tensor.Tensor{a.x, a.y, a.w}
	var out [3][]*tensor.Tensor
	for k, l := range b.lists() {
		out[k] = make([]*tensor.Tensor, len(l.to))
		for i, s := range l.specs {
			switch t := all[k][i]; {
			case s.Shape == nil:
			case s.DType == t.DType():
				out[k][i] = t
			default:
				if l.to[i] == nil {
					l.to[i] = tensor.New(s.DType, s.Shape...)
				}
				tensor.GatherAt(l.to[i], 0, t, rows)
				out[k][i] = l.to[i]
			}
		}
	}
	return out
}
