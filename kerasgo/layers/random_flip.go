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
	Mode                string `keras:"mode,pos,default=horizontal_and_vertical,enum=horizontal|vertical|horizontal_and_vertical"`                              // which way
	Seed                *int   `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first,since=3.6"`                                          // where the channels are
	BoundingBoxFormat   string `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
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

// ForMasks returns the layer.
func (d RandomFlip) ForMasks() Layer { return d }

// MoveBoxes mirrors boxes with their images.
func (d RandomFlip) MoveBoxes(c *Context, images, boxes graph.Value) graph.Value {
	if !c.Training() {
		return boxes
	}
	h, w := area(images, d.DataFormat)
	flips := ops.Squeeze(ops.LessEqual(c.perImage(d.Seed, images, span{0, 1}), ops.Scalar(images, 0.5)), -1)
	e := edges(boxes)
	if d.Mode != "vertical" {
		e[0], e[2] = ops.Where(flips, ops.SubScalarFrom(float64(w), e[2]), e[0]), ops.Where(flips, ops.SubScalarFrom(float64(w), e[0]), e[2])
	}
	if d.Mode != "horizontal" {
		e[1], e[3] = ops.Where(flips, ops.SubScalarFrom(float64(h), e[3]), e[1]), ops.Where(flips, ops.SubScalarFrom(float64(h), e[1]), e[3])
	}
	return ClipBoxes(ops.Concat(-1, e...), h, w)
}

var (
	_ Layer = RandomFlip{}
	_ Mover = RandomFlip{}
)
