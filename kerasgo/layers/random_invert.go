package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomInvert turns images into their negatives in training: the upper end of ValueRange
// minus x.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomInvert struct {
	Factor              any        `keras:"factor,pos,default=1.0"`                                                                                                 // probability that an image is changed: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
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

func init() { spec.Register[RandomInvert](module) }

// Completed checks the arguments.
func (d RandomInvert) Completed() (any, error) {
	return d, completeFactor("factor", &d.Factor, 0, 1)
}

// Build checks the input.
func (d RandomInvert) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomInvert) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomInvert) draw(c *Context, x graph.Value) transformation {
	chosen := c.chosen(d.Seed, x, mustFactor(d.Factor, 0, 1))
	return func(x graph.Value) graph.Value {
		return ops.Where(chosen, ops.SubScalarFrom(d.ValueRange[1], x), x)
	}
}

var _ Layer = RandomInvert{}
