package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CumSumOp sums along an axis up to and including each element; with Reverse,
// from the end.
type CumSumOp struct {
	Axis    int
	Reverse bool
}

// Infer keeps the shape and the type.
func (o CumSumOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("CumSum", in, 1); err != nil {
		return nil, err
	}
	if err := wantNumber("CumSum", in...); err != nil {
		return nil, err
	}
	if o.Axis < 0 || o.Axis >= len(in[0].Shape) {
		return nil, misfit("CumSum", "axis %d is outside %v", o.Axis, in[0].Shape)
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient sums in the other direction.
func (o CumSumOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(CumSumOp{o.Axis, !o.Reverse}, dout[0])}
}

// Eval sums in float64.
func (o CumSumOp) Eval(out, in []array) {
	switch in[0].DType() {
	case tensor.Float32:
		cumSum[float32](o, out[0], in[0])
	case tensor.Float64:
		cumSum[float64](o, out[0], in[0])
	case tensor.Int32:
		cumSum[int32](o, out[0], in[0])
	case tensor.Int64:
		cumSum[int64](o, out[0], in[0])
	}
}

func cumSum[T number](o CumSumOp, out, in array) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	outer, n, inner := span(in.Shape(), o.Axis)
	for a := range outer {
		for b := range inner {
			at := a*n*inner + b
			sum := 0.0
			for k := range n {
				i := at + k*inner
				if o.Reverse {
					i = at + (n-1-k)*inner
				}
				sum += float64(x[i])
				y[i] = T(sum)
			}
		}
	}
}

// CumSum returns the sums along an axis up to and including each element.
func CumSum(x graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "CumSum", axis)
	if !ok {
		return x
	}
	return graph.Apply1(CumSumOp{Axis: a}, x)
}

var _ graph.Op = CumSumOp{}
