package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomPerspective moves the corners of images in training, and the other pixels with
// them, as if they were seen from the side.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomPerspective struct {
	Factor              any     `keras:"factor,pos,default=1.0"`                                                                                                 // probability that an image is changed: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Scale               float64 `keras:"scale,default=1,min=0,max=1"`                                                                                            // a corner moves by at most half this share of its coordinates
	Interpolation       string  `keras:"interpolation,default=bilinear,enum=nearest|bilinear"`                                                                   // how pixels between pixels are read
	FillValue           float64 `keras:"fill_value,default=0"`                                                                                                   // what is beyond the edges
	Seed                *int    `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string  `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomPerspective](module) }

// Completed checks the arguments.
func (d RandomPerspective) Completed() (any, error) {
	return d, completeFactor("factor", &d.Factor, 0, 1)
}

// Build checks the input.
func (d RandomPerspective) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomPerspective) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomPerspective) draw(c *Context, x graph.Value) transformation {
	chosen := c.chosen(d.Seed, x, mustFactor(d.Factor, 0, 1))
	n := x.Shape()[0]
	h, w := area(x, d.DataFormat)
	corners := tensor.From([]float64{0, 0, float64(w - 1), 0, 0, float64(h - 1), float64(w - 1), float64(h - 1)}, 1, 4, 2)
	start := ops.BroadcastTo(ops.Const(x.Graph(), corners.Cast(x.DType())), n, 4, 2)
	moved := ops.Cast(c.between(d.Seed, -0.5*d.Scale, 0.5*d.Scale, n, 4, 2), x.DType())
	end := ops.Add(start, ops.Mul(start, moved))
	o := ops.AffineOptions{Interpolation: d.Interpolation, FillValue: d.FillValue}
	return func(x graph.Value) graph.Value {
		y := inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.PerspectiveTransform(x, start, end, o) })
		return ops.Where(chosen, y, x)
	}
}

// ForMasks reads nearest pixels.
func (d RandomPerspective) ForMasks() Layer {
	d.Interpolation = "nearest"
	return d
}

// MoveBoxes is an error: it is not made.
func (RandomPerspective) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "RandomPerspective")
}

var (
	_ Layer = RandomPerspective{}
	_ Mover = RandomPerspective{}
)
