package keras

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// arrays is a data set in memory: data, targets and sample weights for every
// input and output; nil where there is none.
type arrays struct {
	x, y, w []*tensor.Tensor
	n       int // samples

	feed *feed // makes the other batches, if these are the first of a Dataset
}

// items returns how many things an order of the data has: samples, or batches of a
// Dataset; below 0 there is no end.
func (a *arrays) items() int {
	if a.feed != nil {
		return a.feed.n
	}
	return a.n
}

// newArrays checks what a user passed as x, y and sample weights: one tensor, a
// list in the order of the model's inputs or outputs, or a map by their names.
func (m *Model) newArrays(x, y, w any) (*arrays, error) {
	x, y, w = typedArrays(x), typedArrays(y), typedArrays(w)
	inputs := m.inputNames()
	a := &arrays{n: -1}
	var err error
	if a.x, err = tensors("x", needed(x, inputs), inputs); err != nil {
		return nil, err
	}
	if a.y, err = tensors("y", m.spread(y), m.outputNames()); err != nil {
		return nil, err
	}
	if a.w, err = m.weightsOf(y, w, a.y); err != nil {
		return nil, err
	}
	for i, t := range a.x {
		if t == nil {
			return nil, fmt.Errorf("keras: no data for input %q", inputs[i])
		}
		if err := m.inputs[i].checkWords(t); err != nil {
			return nil, fmt.Errorf("keras: x[%d] %w", i, err)
		}
	}
	for _, l := range []struct {
		name string
		list []*tensor.Tensor
	}{{"x", a.x}, {"y", a.y}, {"sample_weight", a.w}} {
		for i, t := range l.list {
			switch {
			case t == nil:
			case t.DType() == tensor.String && l.name != "x":
				return nil, fmt.Errorf("keras: %s[%d] holds strings; wanted are numbers", l.name, i)
			case t.Shape().Rank() == 0:
				return nil, fmt.Errorf("keras: %s is a scalar; the first axis must count samples", l.name)
			case a.n < 0:
				a.n = t.Len()
			case t.Len() != a.n:
				return nil, fmt.Errorf("keras: %s[%d] has %d samples, x[0] has %d; all arrays need the same number", l.name, i, t.Len(), a.n)
			}
		}
	}
	if a.n == 0 {
		return nil, fmt.Errorf("keras: the data has no samples")
	}
	return a, nil
}

// typedArrays turns lists and maps of arrays, some of which may be nil, into those of
// tensors. What is something else stays as it is.
func typedArrays(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]*tensor.Tensor, len(v))
		for i, x := range v {
			t, ok := x.(*tensor.Tensor)
			if !ok && x != nil {
				return v
			}
			list[i] = t
		}
		return list
	case map[string]any:
		named := map[string]*tensor.Tensor{}
		for k, x := range v {
			t, ok := x.(*tensor.Tensor)
			if !ok && x != nil {
				return v
			}
			named[k] = t
		}
		return named
	}
	return v
}

// needed leaves out what a map of data has beyond the inputs, as Keras does.
func needed(x any, inputs []string) any {
	m, ok := x.(map[string]*tensor.Tensor)
	if !ok {
		return x
	}
	for _, n := range inputs {
		if _, ok := m[n]; !ok {
			return x // which is told of
		}
	}
	m = maps.Clone(m)
	maps.DeleteFunc(m, func(k string, _ *tensor.Tensor) bool { return !slices.Contains(inputs, k) })
	return m
}

// weightsOf sorts sample weights by output. One array is for all outputs that have a
// target, and has then one weight for a sample, as Keras demands.
func (m *Model) weightsOf(y, w any, targets []*tensor.Tensor) ([]*tensor.Tensor, error) {
	one, ok := w.(*tensor.Tensor)
	if !ok || one == nil || len(m.outputs) < 2 {
		list, ok := w.([]*tensor.Tensor)
		if of, isList := y.([]*tensor.Tensor); ok && isList && len(list) == len(of) {
			w = m.spread(w) // as the targets
		}
		return tensors("sample_weight", w, m.outputNames())
	}
	if s := one.Shape(); s.Rank() > 1 && s[1:].Size() > 1 {
		return nil, fmt.Errorf("keras: sample_weight is one array of shape %v for %d outputs; it must have one weight for each sample, or there must be an array for each output", s, len(m.outputs))
	}
	all := make([]*tensor.Tensor, len(m.outputs))
	for i, t := range targets {
		if t != nil {
			all[i] = one
		}
	}
	return all, nil
}

// spread gives targets that are as many as there are losses the places of the
// outputs with a loss.
func (m *Model) spread(y any) any {
	if m.compiled == nil || len(m.outputs) < 2 {
		return y
	}
	var list []*tensor.Tensor
	switch v := y.(type) {
	case *tensor.Tensor:
		if v == nil {
			return y
		}
		list = []*tensor.Tensor{v}
	case []*tensor.Tensor:
		list = slices.Clone(v)
	}
	out := make([]*tensor.Tensor, len(m.outputs))
	for i, l := range m.compiled.losses {
		if l == nil {
			continue
		}
		if len(list) == 0 {
			return y
		}
		out[i], list = list[0], list[1:]
	}
	if len(list) > 0 {
		return y
	}
	return out
}

// tensors sorts an argument into one tensor per name.
func tensors(what string, v any, names []string) ([]*tensor.Tensor, error) {
	out := make([]*tensor.Tensor, len(names))
	switch v := v.(type) {
	case nil:
		return out, nil
	case *tensor.Tensor:
		if v == nil {
			return out, nil
		}
		if len(names) != 1 {
			return nil, fmt.Errorf("keras: %s is one array, the model has %d: %v", what, len(names), strings.Join(names, ", "))
		}
		out[0] = v
	case []*tensor.Tensor:
		if len(v) != len(names) {
			return nil, fmt.Errorf("keras: %s has %d arrays, the model wants %d: %v", what, len(v), len(names), strings.Join(names, ", "))
		}
		copy(out, v)
	case map[string]*tensor.Tensor:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			i := slices.Index(names, k)
			if i < 0 {
				return nil, fmt.Errorf("keras: %s: there is no %q; the names are %v", what, k, strings.Join(names, ", "))
			}
			out[i] = v[k]
		}
	default:
		return nil, fmt.Errorf("keras: %s is a %T; wanted *tensor.Tensor, a list of them ([]*tensor.Tensor or []any) or a map by name (map[string]*tensor.Tensor or map[string]any)", what, v)
	}
	return out, nil
}

// slice returns the samples [from, to).
func (a *arrays) slice(from, to int) *arrays {
	cut := func(list []*tensor.Tensor) []*tensor.Tensor {
		out := make([]*tensor.Tensor, len(list))
		for i, t := range list {
			if t != nil {
				out[i] = t.Slice(from, to)
			}
		}
		return out
	}
	return &arrays{x: cut(a.x), y: cut(a.y), w: cut(a.w), n: to - from}
}

// fedType is the type in which an array enters a Program: numbers as they are
// where the engine computes with them, others widened.
func fedType(t *tensor.Tensor) tensor.DType {
	switch t.DType() {
	case tensor.Int32, tensor.Int64, tensor.Uint8:
		return tensor.Int32
	case tensor.String:
		return tensor.String
	}
	return tensor.Float32
}

// specs returns the shapes of a batch of n samples.
func (a *arrays) specs(n int) specs {
	of := func(list []*tensor.Tensor, float bool) []graph.Spec {
		out := make([]graph.Spec, len(list))
		for i, t := range list {
			if t == nil {
				continue
			}
			s := t.Shape().Clone()
			s[0] = n
			out[i] = graph.Spec{DType: fedType(t), Shape: s}
			if float {
				out[i].DType = tensor.Float32
			}
		}
		return out
	}
	return specs{x: of(a.x, false), y: of(a.y, false), w: of(a.w, true)}
}
