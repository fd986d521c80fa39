package shop

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// LeakyCell is one step of a recurrent layer whose state leaks away: h = leak·h +
// (1 - leak)·tanh(x·kernel + h·recurrent_kernel), for layers.RNN and, around that,
// layers.Bidirectional.
//
// Inputs (batch, in) and the state (batch, Units). Outputs h and the new state. Weights:
// kernel (in, Units), recurrent_kernel (Units, Units).
type LeakyCell struct {
	Units     int      `keras:"units,pos,required,min=1"`
	Leak      *float64 `keras:"leak,default=0.5,min=0,max=1"`
	Name      string   `keras:"name"`
	Trainable *bool    `keras:"trainable,default=true"`
	DType     string   `keras:"dtype"`
}

func init() { spec.Register[LeakyCell]("shop", spec.OfKind("layer")) }

// StateSize returns the length of the state.
func (l LeakyCell) StateSize() []int { return []int{l.Units} }

// Build declares the weights for a step's input.
func (l LeakyCell) Build(b *layers.Builder, in ...tensor.Shape) {
	b.Weight("kernel", tensor.Shape{in[0].Last(), l.Units}, initializers.GlorotUniform{}, layers.WeightOptions{})
	b.Weight("recurrent_kernel", tensor.Shape{l.Units, l.Units}, initializers.Orthogonal{Gain: new(1.0)}, layers.WeightOptions{})
}

// Call returns h.
func (l LeakyCell) Call(c *layers.Context, in ...graph.Value) graph.Value {
	return l.CallMulti(c, in...)[0]
}

// CallMulti returns h and the new state.
func (l LeakyCell) CallMulti(c *layers.Context, in ...graph.Value) []graph.Value {
	x, h := in[0], in[1]
	now := ops.Tanh(ops.Add(ops.MatMul(x, c.Weight("kernel")), ops.MatMul(h, c.Weight("recurrent_kernel"))))
	h = ops.Add(ops.MulScalar(h, *l.Leak), ops.MulScalar(now, 1-*l.Leak))
	return []graph.Value{h, h}
}

var _ layers.Cell = LeakyCell{}
