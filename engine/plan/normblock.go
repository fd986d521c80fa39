package plan

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// NormBlockOp is batch normalization with what usually follows it:
//
//	y = min(max(norm(x) + r, 0), Cap)
//
// the addition (Add), relu (Relu) and its upper bound (Cap, if not 0) being
// optional. Inputs x (…, C), gamma (C), beta (C) and, with Add, r like x. Outputs
// y, mean (C), variance (C).
type NormBlockOp struct {
	Norm      ops.BatchNormOp
	Add, Relu bool
	Cap       float64
}

// Infer follows the normalization.
func (o NormBlockOp) Infer(in []graph.Spec) ([]graph.Spec, error) {
	if len(in) != 3+btoi(o.Add) {
		return nil, fmt.Errorf("NormBlock: wants %d inputs, got %d", 3+btoi(o.Add), len(in))
	}
	if o.Add && !in[3].Shape.Equal(in[0].Shape) {
		return nil, fmt.Errorf("NormBlock: adds %v to %v", in[3], in[0])
	}
	return o.Norm.Infer(in[:3])
}

// Gradient is one op for all inputs, so that the mask of relu is made on the way.
func (o NormBlockOp) Gradient(in, out, dout []graph.Value) []graph.Value {
	grads := make([]graph.Value, len(in))
	if dout[0].OK() {
		copy(grads, in[0].Graph().Apply(NormBlockGradOp{o}, in[0], in[1], out[1], out[2], out[0], dout[0]))
	}
	if o.Add && !o.Relu {
		grads[3] = dout[0]
	}
	grads[0] = o.Norm.AddStatistics(grads[0], in[0], out[1], dout[1], dout[2])
	return grads
}

// Eval runs the parts one after another.
func (o NormBlockOp) Eval(out, in []*tensor.Tensor) {
	o.Norm.Eval(out, in[:3])
	y := out[0].Float32s()
	for i := range y {
		if o.Add {
			y[i] += in[3].Float32s()[i]
		}
		if o.Relu {
			y[i] = max(y[i], 0)
		}
		if o.Cap != 0 {
			y[i] = min(y[i], float32(o.Cap))
		}
	}
}

// NormBlockGradOp is the gradient of NormBlockOp. Inputs x, gamma, mean, variance,
// y and its gradient; outputs the gradients of x, gamma and beta and, with Add and
// Relu, of r.
type NormBlockGradOp struct{ Block NormBlockOp }

// kept reports whether the gradient of r is an output.
func (o NormBlockGradOp) kept() bool { return o.Block.Add && o.Block.Relu }

// Infer repeats the shapes of x, gamma, beta and r.
func (o NormBlockGradOp) Infer(in []graph.Spec) ([]graph.Spec, error) {
	if len(in) != 6 {
		return nil, fmt.Errorf("NormBlockGrad: wants 6 inputs, got %d", len(in))
	}
	out := []graph.Spec{in[0], in[1], in[1]}
	if o.kept() {
		out = append(out, in[0])
	}
	return out, nil
}

// Gradient is not there: models are differentiated once.
func (o NormBlockGradOp) Gradient(in, out, dout []graph.Value) []graph.Value {
	in[0].Graph().Errorf("NormBlockGrad: second derivatives of fused normalizations are not supported")
	return make([]graph.Value, len(in))
}

// Eval undoes relu and then differentiates the normalization.
func (o NormBlockGradOp) Eval(out, in []*tensor.Tensor) {
	dy := in[5]
	if o.Block.Relu {
		dy = tensor.New(tensor.Float32, dy.Shape()...)
		for i, y := range in[4].Float32s() {
			if y > 0 && (o.Block.Cap == 0 || y < float32(o.Block.Cap)) {
				dy.Float32s()[i] = in[5].Float32s()[i]
			}
		}
	}
	if o.kept() {
		copy(out[3].Float32s(), dy.Float32s())
	}
	ops.BatchNormGradOp(o.Block.Norm).Eval(out[:3], []*tensor.Tensor{in[0], in[1], in[2], in[3], dy})
}
