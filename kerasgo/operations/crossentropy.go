package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[BinaryCrossentropy]("nn")
	register[CategoricalCrossentropy]("nn")
	register[SparseCategoricalCrossentropy]("nn")
}

// BinaryCrossentropy computes -target·log(output) - (1-target)·log(1-output) for every element.
type BinaryCrossentropy struct {
	ofTarget
	Name       string `keras:"name"`
	FromLogits bool   `keras:"from_logits,default=false"` // output is before the sigmoid
}

func (o BinaryCrossentropy) Call(c *Call) []Value { return o.loss(c) }

// CategoricalCrossentropy computes -Σ target·log(output) along an axis.
type CategoricalCrossentropy struct {
	ofTarget
	Name       string `keras:"name"`
	FromLogits bool   `keras:"from_logits,default=false"` // output is before the softmax
	Axis       *int   `keras:"axis,default=-1"`           // axis, negative ones counted from the end
}

func (o CategoricalCrossentropy) Call(c *Call) []Value { return o.loss(c) }

// SparseCategoricalCrossentropy computes -log of the output at the place that target names.
type SparseCategoricalCrossentropy struct {
	ofTarget
	Name       string `keras:"name"`
	FromLogits bool   `keras:"from_logits,default=false"` // output is before the softmax
	Axis       *int   `keras:"axis,default=-1"`           // axis, negative ones counted from the end
}

func (o SparseCategoricalCrossentropy) Call(c *Call) []Value { return o.loss(c) }

type ofTarget struct{}

func (ofTarget) Arguments() []string { return []string{"target", "output"} }

func (o BinaryCrossentropy) loss(c *Call) []Value {
	t, y, dtype := c.realPair()
	if o.FromLogits { // max(y,0) - y·t + log(1+exp(-|y|))
		return one(ops.Sub(ops.Softplus(y), ops.Mul(y, t)), dtype)
	}
	y = ops.Clip(y, epsilon, 1-epsilon)
	rest := ops.Mul(ops.SubScalarFrom(1, t), ops.Log(ops.SubScalarFrom(1, y)))
	return one(ops.Neg(ops.Add(ops.Mul(t, ops.Log(y)), rest)), dtype)
}

func (o CategoricalCrossentropy) loss(c *Call) []Value {
	t, y, dtype := c.realPair()
	a := c.axis(*o.Axis, len(y.Shape()))
	if !c.ok() {
		return []Value{c.X(1)}
	}
	return one(ops.Neg(ops.Sum(ops.Mul(t, logProbabilities(y, a, o.FromLogits)), []int{a}, false)), dtype)
}

func (o SparseCategoricalCrossentropy) loss(c *Call) []Value {
	t, y := c.X(0), c.X(1)
	dtype, rank := realType(y.DType), len(y.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{y}
	}
	if len(t.Shape()) == rank && t.Shape()[rank-1] == 1 {
		t.Value = ops.Squeeze(t.Value, rank-1)
	}
	v := y.Value
	if !o.FromLogits { // TensorFlow does not bring the probabilities to the sum 1 here
		v = ops.Log(ops.Clip(v, epsilon, 1-epsilon))
	}
	log := ops.LogSoftmax(v, a)
	hot := c.oneHot(t, y.Shape()[a], a, dtype)
	return one(ops.Neg(ops.Sum(ops.Mul(hot, log), []int{a}, false)), dtype)
}

// logProbabilities returns the logarithm of the probabilities along an axis.
func logProbabilities(y graph.Value, axis int, logits bool) graph.Value {
	if logits {
		return ops.LogSoftmax(y, axis)
	}
	y = ops.Div(y, ops.Sum(y, []int{axis}, true))
	return ops.Log(ops.Clip(y, epsilon, 1-epsilon))
}
