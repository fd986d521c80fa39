package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SpatialDropout1D is Dropout of whole channels: an element's fate is that of its
// channel in its sample.
//
// Input and output (batch, steps, channels).
type SpatialDropout1D struct {
	Rate                float64 `keras:"rate,pos,required,min=0,max=1"` // probability of 0
	Seed                *int    `keras:"seed"`                          // makes the choice independent of the model's seed
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true,noconfig"` // Keras does not write it and refuses to read it
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[SpatialDropout1D](module) }

// Build checks the input.
func (d SpatialDropout1D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, "channels_last", 1)
}

// Call drops channels.
func (d SpatialDropout1D) Call(c *Context, in ...graph.Value) graph.Value {
	return c.drop(in[0], d.Rate, d.Seed, []int{-1, 1, -1})
}

// PassesMask keeps the mask.
func (SpatialDropout1D) PassesMask() {}

var _ Layer = SpatialDropout1D{}
