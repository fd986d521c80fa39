package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomCrop cuts a part out of the images in training, from a place that is drawn
// once for all images of a batch. Images with too few rows or columns for it are
// resized instead, by linear interpolation, from the middle. Outside training it
// returns its input, as Keras does: models for inference need a Resizing or
// CenterCrop in its place.
//
// Input (batch, h, w, channels), output (batch, Height, Width, channels), or with
// channels after batch for channels_first.
type RandomCrop struct {
	Height              int    `keras:"height,pos,required,min=1"`                                                                                              // rows of the output
	Width               int    `keras:"width,required,min=1"`                                                                                                   // columns of the output
	Seed                *int   `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomCrop](module) }

// Build checks the input.
func (d RandomCrop) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call crops in training.
func (d RandomCrop) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomCrop) draw(c *Context, x graph.Value) transformation {
	h, w := area(x, d.DataFormat)
	if h > d.Height && w > d.Width {
		row, col := d.place(c, h, w)
		place := ops.Cast(ops.Concat(0, row, col), tensor.Int32)
		return func(x graph.Value) graph.Value {
			return inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.Crop(x, place, d.Height, d.Width) })
		}
	}
	row := (h - max(min(h, w*d.Height/d.Width), 1)) / 2
	col := (w - max(min(w, h*d.Width/d.Height), 1)) / 2
	return func(x graph.Value) graph.Value {
		return inLast(x, d.DataFormat, func(x graph.Value) graph.Value {
			s := x.Shape()
			x = ops.Slice(x, []int{0, row, col, 0}, []int{s[0], min(d.Height, h-row), min(d.Width, w-col), s[3]})
			return ops.Resize(x, d.Height, d.Width, ops.ResizeOptions{})
		})
	}
}

// ForMasks returns the layer.
func (d RandomCrop) ForMasks() Layer { return d }

// MoveBoxes cuts boxes as their images.
func (d RandomCrop) MoveBoxes(c *Context, images, boxes graph.Value) graph.Value {
	if !c.Training() {
		return boxes
	}
	h, w := area(images, d.DataFormat)
	if h > d.Height && w > d.Width {
		row, col := d.place(c, h, w)
		one := func(v graph.Value) graph.Value { return ops.Reshape(ops.Cast(ops.Neg(v), boxes.DType()), 1, 1, 1, 1) }
		return ClipBoxes(shifted(boxes, one(col), one(row), graph.Value{}, graph.Value{}), d.Height, d.Width)
	}
	return ClipBoxes(cutBoxes(boxes, h, w, d.Height, d.Width), d.Height, d.Width)
}

// place draws the first row and column.
func (d RandomCrop) place(c *Context, h, w int) (row, col graph.Value) {
	start := func(n int) graph.Value { return ops.Reshape(ops.Floor(c.between(d.Seed, 0, float64(n+1))), 1) }
	row = start(h - d.Height)
	return row, start(w - d.Width)
}

var (
	_ Layer = RandomCrop{}
	_ Mover = RandomCrop{}
)
