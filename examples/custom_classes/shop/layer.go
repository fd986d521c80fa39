package shop

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Scale multiplies each feature by a weight: y = x·scale.
//
// Input and output (batch, …, n). Weights: scale (n).
type Scale struct {
	Start     *float64 `keras:"start,pos,default=1.0"` // starting value of the weights
	Name      string   `keras:"name"`
	Trainable *bool    `keras:"trainable,default=true"`
	DType     string   `keras:"dtype"`
}

func init() { spec.Register[Scale]("shop", spec.OfKind("layer")) }

// Build declares the weights.
func (s Scale) Build(b *layers.Builder, in ...tensor.Shape) {
	if len(in) != 1 || in[0].Rank() < 2 {
		b.Errorf("wants 1 input of shape (batch, …, n), got %v", in)
		return
	}
	b.Weight("scale", tensor.Shape{in[0].Last()}, initializers.Constant{Value: *s.Start}, layers.WeightOptions{})
}

// Call computes the product.
func (s Scale) Call(c *layers.Context, in ...graph.Value) graph.Value {
	return ops.Mul(in[0], c.Weight("scale"))
}

var _ layers.Layer = Scale{}
