// Package highway is a layer that kerasgo does not have. Importing it is enough to
// use the layer in Go, in specs and in files of models.
package highway

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Highway lets each feature pass unchanged or transformed, as a learned gate
// decides: y = gate·f(x·kernel + bias) + (1 - gate)·x, gate = sigmoid(x·gate_kernel
// + gate_bias). Source: Srivastava, Greff, Schmidhuber, Highway Networks, 2015.
//
// Input and output (batch, n). Weights: kernel and gate_kernel (n, n), bias and
// gate_bias (n).
type Highway struct {
	Activation any      `keras:"activation,pos,kind=activation,default=relu"` // f
	GateBias   *float64 `keras:"gate_bias,default=-2.0"`                      // starting value of gate_bias; negative means: pass at first
	Name       string   `keras:"name"`
	Trainable  *bool    `keras:"trainable,default=true"`
	DType      string   `keras:"dtype"`
	InputShape []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Highway]("highway", spec.OfKind("layer")) }

// Build declares the weights.
func (h Highway) Build(b *layers.Builder, in ...tensor.Shape) {
	if len(in) != 1 || in[0].Rank() != 2 {
		b.Errorf("wants 1 input of shape (batch, n), got %v", in)
		return
	}
	n := in[0].Last()
	b.Weight("kernel", tensor.Shape{n, n}, initializers.GlorotUniform{}, layers.WeightOptions{})
	b.Weight("bias", tensor.Shape{n}, initializers.Zeros{}, layers.WeightOptions{})
	b.Weight("gate_kernel", tensor.Shape{n, n}, initializers.GlorotUniform{}, layers.WeightOptions{})
	b.Weight("gate_bias", tensor.Shape{n}, initializers.Constant{Value: *h.GateBias}, layers.WeightOptions{})
}

// Call computes the formula.
func (h Highway) Call(c *layers.Context, in ...graph.Value) graph.Value {
	x := in[0]
	y := activations.Apply(h.Activation, ops.Add(ops.MatMul(x, c.Weight("kernel")), c.Weight("bias")))
	gate := ops.Sigmoid(ops.Add(ops.MatMul(x, c.Weight("gate_kernel")), c.Weight("gate_bias")))
	return ops.Add(ops.Mul(gate, y), ops.Mul(ops.Sub(ops.Scalar(gate, 1), gate), x))
}

var _ layers.Layer = Highway{}
