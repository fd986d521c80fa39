package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// MixUp mixes each image with another one of the batch in training: f·x + (1-f)·other,
// with a number f of the beta distribution for each image (Zhang and others, "mixup:
// beyond empirical risk minimization", 2017). Outside training it returns its input.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Keras mixes labels too when its input is a dictionary; a layer here
// sees only images.
type MixUp struct {
	Alpha               float64 `keras:"alpha,pos,default=0.2,min=0"`                                                                                            // parameter of the beta distribution; the smaller, the less is mixed
	Seed                *int    `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string  `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[MixUp](module) }

// Build checks the input.
func (d MixUp) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call mixes in training.
func (d MixUp) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d MixUp) draw(c *Context, x graph.Value) transformation {
	n := x.Shape()[0]
	order := c.shuffled(d.Seed, n)
	f := ops.Cast(c.beta(d.Seed, x.Graph().Scalar(tensor.Float32, d.Alpha), n, 1, 1, 1), x.DType())
	return func(x graph.Value) graph.Value {
		return ops.Add(ops.Mul(f, x), ops.Mul(ops.SubScalarFrom(1, f), ops.Gather(x, order)))
	}
}

// ForMasks is nil: the layer takes images alone.
func (MixUp) ForMasks() Layer { return nil }

// MoveBoxes is an error: it is not made.
func (MixUp) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "MixUp")
}

var (
	_ Layer = MixUp{}
	_ Mover = MixUp{}
)
