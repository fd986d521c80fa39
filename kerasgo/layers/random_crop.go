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
	Height              int    `keras:"height,pos,required,min=1"`                                           // rows of the output
	Width               int    `keras:"width,required,min=1"`                                                // columns of the output
	Seed                *int   `keras:"seed"`                                                                // makes the numbers independent of the model's seed
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
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
		start := func(n int) graph.Value { return ops.Reshape(ops.Floor(c.between(d.Seed, 0, float64(n+1))), 1) }
		row := start(h - d.Height)
		place := ops.Cast(ops.Concat(0, row, start(w-d.Width)), tensor.Int32)
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

var _ Layer = RandomCrop{}
