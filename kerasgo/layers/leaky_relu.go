package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// LeakyReLU computes x for x > 0 and NegativeSlope·x elsewhere. The default slope
// 0.3 differs from that of the activation "leaky_relu", 0.2, as in Keras.
//
// Input and output have one shape.
type LeakyReLU struct {
	NegativeSlope       *float64 `keras:"negative_slope,pos,default=0.3,min=0"` // slope for x ≤ 0
	ActivityRegularizer any      `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string   `keras:"name"`
	Trainable           *bool    `keras:"trainable,default=true"`
	DType               string   `keras:"dtype"`
	InputShape          []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[LeakyReLU](module, spec.Renamed("alpha", "negative_slope")) }

// Build checks the input.
func (d LeakyReLU) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call applies the function.
func (d LeakyReLU) Call(_ *Context, in ...graph.Value) graph.Value {
	return activations.LeakyReluWith(in[0], *d.NegativeSlope)
}

// PassesMask keeps the mask.
func (LeakyReLU) PassesMask() {}

var _ Layer = LeakyReLU{}
