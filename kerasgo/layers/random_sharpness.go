package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomSharpness mixes each image with a blurred version of itself in training:
// blurred for f = 0, unchanged for f = ½, and sharper above. The result is clipped to
// ValueRange.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomSharpness struct {
	Factor              any        `keras:"factor,pos,required"`                                                                                                    // f: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
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

func init() { spec.Register[RandomSharpness](module) }

// Completed checks the arguments.
func (d RandomSharpness) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	return d, completeFactor("factor", &d.Factor, 0, 1)
}

// Build checks the input.
func (d RandomSharpness) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomSharpness) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomSharpness) draw(c *Context, x graph.Value) transformation {
	f := ops.MulScalar(c.perImage(d.Seed, x, mustFactor(d.Factor, 0, 1)), 2)
	const a, b = 1.0 / 13, 5.0 / 13
	kernel := tensor.From([]float64{a, a, a, a, b, a, a, a, a}, 3, 3)
	return func(x graph.Value) graph.Value {
		smooth := inLast(x, d.DataFormat, func(x graph.Value) graph.Value {
			return ops.ConvEachChannel(x, ops.Const(x.Graph(), kernel.Cast(x.DType())))
		})
		return clip(ops.Add(x, ops.Mul(ops.SubScalarFrom(1, f), ops.Sub(smooth, x))), d.ValueRange)
	}
}

var _ Layer = RandomSharpness{}
