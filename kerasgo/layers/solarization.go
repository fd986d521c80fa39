package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Solarization adds a number to the pixels of each image, as numbers from 0 to 255, and
// turns those at or above a threshold into their negatives, in training.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type Solarization struct {
	AdditionFactor      any        `keras:"addition_factor,pos,default=0.0"`                                                                                        // what is added: a list of the smallest in pixel values and the largest in shares of 255, as Keras has it; a number f stands for [0, f]
	ThresholdFactor     any        `keras:"threshold_factor,default=0.0"`                                                                                           // the threshold, likewise
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

func init() { spec.Register[Solarization](module) }

// Completed checks the arguments.
func (d Solarization) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	err := completeFactor("addition_factor", &d.AdditionFactor, 0, 1)
	if err == nil {
		err = completeFactor("threshold_factor", &d.ThresholdFactor, 0, 1)
	}
	return d, err
}

// Build checks the input.
func (d Solarization) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d Solarization) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d Solarization) draw(c *Context, x graph.Value) transformation {
	scaled := func(f any) span {
		r := mustFactor(f, 0, 1)
		return span{r.lo, r.hi * 255}
	}
	add := c.perImage(d.Seed, x, scaled(d.AdditionFactor))
	threshold := c.perImage(d.Seed, x, scaled(d.ThresholdFactor))
	return func(x graph.Value) graph.Value {
		x = clip(ops.Add(rescale(x, d.ValueRange, byteRange), add), byteRange)
		x = ops.Where(ops.Less(x, threshold), x, ops.SubScalarFrom(255, x))
		return rescale(x, byteRange, d.ValueRange)
	}
}

var _ Layer = Solarization{}
