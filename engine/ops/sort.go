package ops

import (
	"cmp"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// SortOp sorts along an axis, ascending, or descending with Descending, and
// keeps the first Take elements. Its outputs are the elements and their int32
// places before. Equal elements stay in order.
type SortOp struct {
	Axis, Take int
	Descending bool
}

// Infer makes the axis Take long.
func (o SortOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Sort", in, 1); err != nil {
		return nil, err
	}
	if err := wantNumber("Sort", in...); err != nil {
		return nil, err
	}
	s := in[0].Shape.Clone()
	if o.Axis < 0 || o.Axis >= len(s) {
		return nil, misfit("Sort", "axis %d is outside %v", o.Axis, s)
	}
	if o.Take < 0 || o.Take > s[o.Axis] {
		return nil, misfit("Sort", "cannot take %d elements of axis %d of %v", o.Take, o.Axis, s)
	}
	s[o.Axis] = o.Take
	return []spec{{DType: in[0].DType, Shape: s}, {DType: tensor.Int32, Shape: s}}, nil
}

// Gradient goes back to the places before.
func (o SortOp) Gradient(in, out, dout []value) []value {
	if !dout[0].OK() {
		return make([]value, 1)
	}
	return []value{graph.Apply1(ScatterAlongOp{o.Axis, in[0].Shape()[o.Axis]}, dout[0], out[1])}
}

// Eval sorts places, stably.
func (o SortOp) Eval(out, in []array) {
	switch in[0].DType() {
	case tensor.Float32:
		sortAlong[float32](o, out, in[0])
	case tensor.Float64:
		sortAlong[float64](o, out, in[0])
	case tensor.Int32:
		sortAlong[int32](o, out, in[0])
	case tensor.Int64:
		sortAlong[int64](o, out, in[0])
	}
}

func sortAlong[T number](o SortOp, out []array, in array) {
	x, y, ids := tensor.Data[T](in), tensor.Data[T](out[0]), out[1].Int32s()
	outer, n, inner := span(in.Shape(), o.Axis)
	places := make([]int32, n)
	for a := range outer {
		for b := range inner {
			at := a*n*inner + b
			for k := range places {
				places[k] = int32(k)
			}
			slices.SortStableFunc(places, func(i, j int32) int {
				c := cmp.Compare(x[at+int(i)*inner], x[at+int(j)*inner])
				if o.Descending {
					return -c
				}
				return c
			})
			for k, p := range places[:o.Take] {
				to := (a*o.Take+k)*inner + b
				y[to], ids[to] = x[at+int(p)*inner], p
			}
		}
	}
}

// TopK returns the k largest elements along the last axis, in descending order,
// and their int32 places. Of equal elements the first comes first.
func TopK(x graph.Value, k int) (values, ids graph.Value) {
	a, ok := axisOf(x, "TopK", -1)
	if !ok {
		return x, x
	}
	out := x.Graph().Apply(SortOp{Axis: a, Take: k, Descending: true}, x)
	return out[0], out[1]
}

// Sort returns the elements in ascending order along an axis.
func Sort(x graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "Sort", axis)
	if !ok {
		return x
	}
	return x.Graph().Apply(SortOp{Axis: a, Take: x.Shape()[a]}, x)[0]
}

var _ graph.Op = SortOp{}
