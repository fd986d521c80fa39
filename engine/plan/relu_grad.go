package plan

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// reluGradOp is the gradient of relu: its first input where the second, relu's output,
// is positive, else 0. It stands for a comparison and a choice, so that the loop that
// computes relu does not keep the comparison for the loop of the gradient: the output
// tells as much.
type reluGradOp struct{}

// Infer wants one shape.
func (reluGradOp) Infer(in []graph.Spec) ([]graph.Spec, error) {
	if len(in) != 2 || !in[0].Shape.Equal(in[1].Shape) {
		return nil, fmt.Errorf("reluGrad: wants two inputs of one shape, got %v", in)
	}
	return in[:1], nil
}

// Gradient is never asked for: the op is made of finished graphs.
func (reluGradOp) Gradient(in, _, _ []graph.Value) []graph.Value {
	in[0].Graph().Errorf("reluGrad has no gradient")
	return make([]graph.Value, len(in))
}

// Eval chooses element by element.
func (reluGradOp) Eval(out, in []*tensor.Tensor) {
	for i := range out[0].Size() {
		d := 0.0
		if in[1].Float64At(i) > 0 {
			d = in[0].Float64At(i)
		}
		out[0].SetFloat64At(i, d)
	}
}

// reluGrad returns the inputs of a reluGradOp that does what an op does to its inputs.
func reluGrad(op graph.Op, in []graph.Value) (dy, y graph.Value, ok bool) {
	if op != (ops.WhereOp{}) || in[1].DType() != tensor.Float32 || !isZero(in[2]) {
		return dy, y, false
	}
	compare := in[0].Node
	if compare.Op != (ops.BinaryOp{Kind: ops.BinaryGreater}) || !isZero(compare.In[1]) {
		return dy, y, false
	}
	dy, y = in[1], compare.In[0]
	return dy, y, y.DType() == tensor.Float32 && y.Shape().Equal(dy.Shape()) && y.Shape().Equal(in[0].Shape())
}

// isZero reports whether a value is the number 0.
func isZero(v graph.Value) bool {
	c, ok := v.Node.Op.(graph.Constant)
	return ok && c.T.Size() == 1 && c.T.DType().Float() && c.T.Float64At(0) == 0
}

var _ graph.Op = reluGradOp{}
