package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// CutMix puts a rectangle of another image of the batch into each image in training
// (Yun and others, "CutMix: regularization strategy to train strong classifiers with
// localizable features", 2019). Outside training it returns its input.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Keras mixes labels too when its input is a dictionary; a layer here
// sees only images.
type CutMix struct {
	Factor              any    `keras:"factor,pos,default=1.0"`                                                                                                 // parameter of the beta distribution of the rectangles' areas: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Seed                *int   `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[CutMix](module) }

// Completed checks the arguments.
func (d CutMix) Completed() (any, error) { return d, completeFactor("factor", &d.Factor, 0, 1) }

// Build checks the input.
func (d CutMix) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call mixes in training.
func (d CutMix) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d CutMix) draw(c *Context, x graph.Value) transformation {
	r := mustFactor(d.Factor, 0, 1)
	alpha := ops.AddScalar(c.between(d.Seed, r.lo, r.hi), 1e-6)
	share := ops.Cast(c.beta(d.Seed, alpha, x.Shape()[0], 1, 1, 1), x.DType())
	side := ops.Sqrt(ops.SubScalarFrom(1, share))
	h, w := area(x, d.DataFormat)
	cols := c.bounds(d.Seed, w, side)
	rows := c.bounds(d.Seed, h, side)
	mask := inside(x, d.DataFormat, rows, cols)
	order := c.shuffled(d.Seed, x.Shape()[0])
	return func(x graph.Value) graph.Value { return ops.Where(mask, ops.Gather(x, order), x) }
}

// ForMasks is nil: the layer takes images alone.
func (CutMix) ForMasks() Layer { return nil }

// MoveBoxes is an error: it is not made.
func (CutMix) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "CutMix")
}

var (
	_ Layer = CutMix{}
	_ Mover = CutMix{}
)
