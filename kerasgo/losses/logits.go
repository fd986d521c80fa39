package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

// logProbabilities returns log(p) for class probabilities p along the axis:
// log-softmax of logits, or of the logits that a softmax op made p from;
// otherwise p is scaled to sum to 1 and clipped.
func logProbabilities(p graph.Value, fromLogits bool, axis int) graph.Value {
	if fromLogits {
		return ops.LogSoftmax(p, axis)
	}
	if x, ok := softmaxInput(p, axis); ok {
		return ops.LogSoftmax(x, axis)
	}
	p = ops.Div(p, ops.Sum(p, []int{axis}, true))
	return ops.Log(ops.Clip(p, Epsilon, 1-Epsilon))
}

// binaryCrossentropy returns -(t·log(p) + (1-t)·log(1-p)) for each element, where
// p are probabilities or logits.
func binaryCrossentropy(t, p graph.Value, fromLogits bool) graph.Value {
	other := oneMinus(t)
	x, ok := p, fromLogits
	if !ok {
		x, ok = sigmoidInput(p)
	}
	if ok {
		// -log sigmoid(x) = softplus(-x). Unlike max(x,0) - x·t + softplus(-|x|) this has
		// the right derivative at x = 0 too.
		return ops.Add(ops.Mul(t, ops.Softplus(ops.Neg(x))), ops.Mul(other, ops.Softplus(x)))
	}
	p = ops.Clip(p, Epsilon, 1-Epsilon)
	q := oneMinus(p)
	return ops.Neg(ops.Add(ops.Mul(t, ops.Log(p)), ops.Mul(other, ops.Log(q))))
}

// softmaxInput returns the logits of p when a softmax over the last axis made it
// and that axis holds the classes.
func softmaxInput(p graph.Value, axis int) (graph.Value, bool) {
	op, ok := p.Node.Op.(ops.SoftmaxOp)
	if !ok || len(p.Node.In) != 1 {
		return graph.Value{}, false
	}
	own, _ := p.Shape().Axis(op.Axis)
	want, _ := p.Shape().Axis(axis)
	return p.Node.In[0], own == want
}

// sigmoidInput returns the logits of p when a sigmoid made it.
func sigmoidInput(p graph.Value) (graph.Value, bool) {
	if op, ok := p.Node.Op.(ops.UnaryOp); ok && op.Kind == ops.UnarySigmoid && len(p.Node.In) == 1 {
		return p.Node.In[0], true
	}
	return graph.Value{}, false
}
