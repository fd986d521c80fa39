package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SpatialDropout3D is Dropout of whole channels: an element's fate is that of its
// channel in its sample.
//
// Input and output (batch, depth, height, width, channels), or with channels after
// batch for channels_first.
type SpatialDropout3D struct {
	Rate                float64 `keras:"rate,pos,required,min=0,max=1"`                                       // probability of 0
	Seed                *int    `keras:"seed"`                                                                // makes the choice independent of the model's seed
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true,noconfig"` // Keras does not write it and refuses to read it
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[SpatialDropout3D](module) }

// Build checks the input.
func (d SpatialDropout3D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, d.DataFormat, 3)
}

// Call drops channels.
func (d SpatialDropout3D) Call(c *Context, in ...graph.Value) graph.Value {
	noise := []int{-1, -1, -1, -1, -1}
	for _, a := range globalAxes(d.DataFormat, 3) {
		noise[a] = 1
	}
	return c.drop(in[0], d.Rate, d.Seed, noise)
}

// PassesMask keeps the mask.
func (SpatialDropout3D) PassesMask() {}

var _ Layer = SpatialDropout3D{}
