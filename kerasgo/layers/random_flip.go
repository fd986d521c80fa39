package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomFlip mirrors each image with probability ½ in training: left to right, top to
// bottom, or both at once.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomFlip struct {
	Mode                string `keras:"mode,pos,default=horizontal_and_vertical,enum=horizontal|vertical|horizontal_and_vertical"` // which way
	Seed                *int   `keras:"seed"`                                                                                      // makes the numbers independent of the model's seed
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first,since=3.6"`             // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomFlip](module) }

// Build checks the input.
func (d RandomFlip) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomFlip) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomFlip) draw(c *Context, x graph.Value) transformation {
	u := c.perImage(d.Seed, x, span{0, 1})
	flips := ops.LessEqual(u, ops.Scalar(u, 0.5))
	axes := globalAxes(d.DataFormat, 2)
	switch d.Mode {
	case "horizontal":
		axes = axes[1:]
	case "vertical":
		axes = axes[:1]
	}
	return func(x graph.Value) graph.Value { return ops.Where(flips, ops.Flip(x, axes...), x) }
}

var _ Layer = RandomFlip{}
