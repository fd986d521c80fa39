package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// StopGradientOp returns its input and hides it from differentiation.
type StopGradientOp struct{}

// Infer keeps the shape and the type.
func (StopGradientOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("StopGradient", in, 1); err != nil {
		return nil, err
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient is none.
func (StopGradientOp) Gradient(in, out, dout []value) []value { return make([]value, 1) }

// Eval copies.
func (StopGradientOp) Eval(out, in []array) { out[0].CopyFrom(in[0]) }

// StopGradient returns x as something that does not depend on any weight.
func StopGradient(x graph.Value) graph.Value { return graph.Apply1(StopGradientOp{}, x) }

var _ graph.Op = StopGradientOp{}
