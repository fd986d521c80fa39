package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomContrast moves the pixels of each image away from their mean, or towards it, in
// training: (x - mean)·f + mean, for every channel on its own, clipped to ValueRange.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomContrast struct {
	Factor              any        `keras:"factor,pos,required"`                                                                                                    // f lies in [1 - lower, 1 + upper) for a list of lower and upper in [0, 1]; a number u stands for [0, u]
	ValueRange          [2]float64 `keras:"value_range,default=0|255,since=3.8"`                                                                                    // of the pixels
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first,since=3.6"`                                          // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomContrast](module) }

// Completed checks the arguments.
func (d RandomContrast) Completed() (any, error) {
	return d, completeFactor("factor", &d.Factor, 0, 1)
}

// Build checks the input.
func (d RandomContrast) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomContrast) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomContrast) draw(c *Context, x graph.Value) transformation {
	r := mustFactor(d.Factor, 0, 1)
	f := c.perImage(d.Seed, x, span{1 - r.lo, 1 + r.hi})
	return func(x graph.Value) graph.Value {
		mean := ops.Mean(x, globalAxes(d.DataFormat, 2), true)
		return clip(ops.Add(ops.Mul(ops.Sub(x, mean), f), mean), d.ValueRange)
	}
}

var _ Layer = RandomContrast{}
