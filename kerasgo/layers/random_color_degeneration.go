package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomColorDegeneration mixes each image with its grey version in training:
// x + f·(grey - x), clipped to ValueRange. Images are RGB.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomColorDegeneration struct {
	Factor              any        `keras:"factor,pos,required"`                                                                                                    // share of the grey image: a list of the smallest and the largest in [-1, 1]; a number f stands for [-f, f]
	ValueRange          [2]float64 `keras:"value_range,default=0|255"`                                                                                              // of the pixels
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomColorDegeneration](module) }

// Completed checks the arguments.
func (d RandomColorDegeneration) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	return d, completeFactor("factor", &d.Factor, -1, 1)
}

// Build checks the input.
func (d RandomColorDegeneration) Build(b *Builder, in ...tensor.Shape) {
	b.rgb(in, d.DType, d.DataFormat)
}

// Call changes the images in training.
func (d RandomColorDegeneration) Call(c *Context, in ...graph.Value) graph.Value {
	return c.augment(d, in)
}

func (d RandomColorDegeneration) draw(c *Context, x graph.Value) transformation {
	f := c.perImage(d.Seed, x, mustFactor(d.Factor, -1, 1))
	return func(x graph.Value) graph.Value {
		grey := inLast(x, d.DataFormat, ops.RGBToGrayscale)
		return clip(ops.Add(x, ops.Mul(f, ops.Sub(grey, x))), d.ValueRange)
	}
}

var _ Layer = RandomColorDegeneration{}
