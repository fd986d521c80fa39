package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ClipOp limits every element to [Lo, Hi].
type ClipOp struct{ Lo, Hi float64 }

// Infer keeps the shape and the type.
func (o ClipOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Clip", in, 1); err != nil {
		return nil, err
	}
	if err := wantNumber("Clip", in...); err != nil {
		return nil, err
	}
	if o.Lo > o.Hi {
		return nil, misfit("Clip", "the lower bound %v is above the upper bound %v", o.Lo, o.Hi)
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient passes where the element is within the bounds or on one of them.
func (o ClipOp) Gradient(in, out, dout []value) []value {
	x, dy := in[0], dout[0]
	within := And(GreaterEqual(x, Scalar(x, o.Lo)), LessEqual(x, Scalar(x, o.Hi)))
	return []value{Where(within, dy, Scalar(dy, 0))}
}

// Eval limits each element; NaN stays NaN.
func (o ClipOp) Eval(out, in []array) {
	f := func(x float64) float64 { return min(max(x, o.Lo), o.Hi) }
	switch in[0].DType() {
	case tensor.Float32:
		mapElements[float32, float32](out[0], in[0], f)
	case tensor.Float64:
		mapElements[float64, float64](out[0], in[0], f)
	case tensor.Int32:
		mapElements[int32, int32](out[0], in[0], f)
	case tensor.Int64:
		mapElements[int64, int64](out[0], in[0], f)
	}
}

// Clip limits every element of x to [lo, hi]. The gradient passes on the bounds.
func Clip(x graph.Value, lo, hi float64) graph.Value { return graph.Apply1(ClipOp{lo, hi}, x) }

var _ graph.Op = ClipOp{}
