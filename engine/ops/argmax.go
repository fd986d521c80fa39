package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ArgMaxOp finds the place of the largest element along an axis, the first one
// of equals. NaN is smaller than any number, as in TensorFlow.
type ArgMaxOp struct{ Axis int }

// Infer removes the axis; the result is int32.
func (o ArgMaxOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("ArgMax", in, 1); err != nil {
		return nil, err
	}
	if err := wantNumber("ArgMax", in...); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if o.Axis < 0 || o.Axis >= len(s) || s[o.Axis] == 0 {
		return nil, misfit("ArgMax", "axis %d of %v is outside or empty", o.Axis, s)
	}
	return one(tensor.Int32, append(s[:o.Axis].Clone(), s[o.Axis+1:]...))
}

// Gradient is none.
func (ArgMaxOp) Gradient(in, out, dout []value) []value { return make([]value, 1) }

// Eval compares along the axis.
func (o ArgMaxOp) Eval(out, in []array) {
	switch in[0].DType() {
	case tensor.Float32:
		argMax[float32](out[0], in[0], o.Axis)
	case tensor.Float64:
		argMax[float64](out[0], in[0], o.Axis)
	case tensor.Int32:
		argMax[int32](out[0], in[0], o.Axis)
	case tensor.Int64:
		argMax[int64](out[0], in[0], o.Axis)
	}
}

func argMax[T number](out, in array, axis int) {
	x, y := tensor.Data[T](in), out.Int32s()
	outer, n, inner := span(in.Shape(), axis)
	for a := range outer {
		for b := range inner {
			at := a*n*inner + b
			best := 0
			for k := 1; k < n; k++ {
				v, top := x[at+k*inner], x[at+best*inner]
				if v > top || top != top && v == v { // NaN never wins
					best = k
				}
			}
			y[a*inner+b] = int32(best)
		}
	}
}

// ArgMax returns the int32 place of the largest element along an axis, the first
// one of equals. The axis is removed. It has no gradient.
func ArgMax(x graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "ArgMax", axis)
	if !ok {
		return x
	}
	return graph.Apply1(ArgMaxOp{a}, x)
}

var _ graph.Op = ArgMaxOp{}
