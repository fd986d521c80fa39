package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomZoom zooms into or out of the middle of each image in training.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomZoom struct {
	HeightFactor        any     `keras:"height_factor,pos,required"`                                                                                             // share of the height that is seen less or more: a list of the smallest and the largest, -0.3 zooms in by 30 %, 0.3 out; a number f stands for [-f, f]
	WidthFactor         any     `keras:"width_factor"`                                                                                                           // the same for the width; as for the height if left out
	FillMode            string  `keras:"fill_mode,default=reflect,enum=reflect|constant|wrap|nearest"`                                                           // what is beyond the edges: d c b a | a b c d | d c b a, FillValue, the image again, or the nearest pixel
	Interpolation       string  `keras:"interpolation,default=bilinear,enum=nearest|bilinear"`                                                                   // how pixels between pixels are read
	FillValue           float64 `keras:"fill_value,default=0"`                                                                                                   // with fill_mode constant
	Seed                *int    `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string  `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomZoom](module) }

// Completed checks the arguments.
func (d RandomZoom) Completed() (any, error) {
	for _, arg := range []struct {
		name string
		v    any
	}{{"height_factor", d.HeightFactor}, {"width_factor", d.WidthFactor}} {
		if arg.v == nil {
			continue
		}
		r, err := factor(arg.name, arg.v, -1, 1)
		if err == nil && r.lo == -1 && r.hi != 1 {
			err = fmt.Errorf("%s %v: nothing is left at -1", arg.name, arg.v)
		}
		if err != nil {
			return d, err
		}
	}
	return d, nil
}

// Build checks the input.
func (d RandomZoom) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomZoom) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomZoom) draw(c *Context, x graph.Value) transformation {
	rows, cols := d.zooms(c, x)
	h, w := area(x, d.DataFormat)
	t := transforms(x, cols, 0.0, zoomOffset(w, cols), 0.0, rows, zoomOffset(h, rows))
	return func(x graph.Value) graph.Value { return d.affine(x, t) }
}

// zooms draws how many pixels of each image become one, along both axes.
func (d RandomZoom) zooms(c *Context, x graph.Value) (rows, cols graph.Value) {
	zoom := func(f any) graph.Value {
		r := mustFactor(f, -1, 1)
		return c.perImage(d.Seed, x, span{1 + r.lo, 1 + r.hi})
	}
	rows = zoom(d.HeightFactor)
	if d.WidthFactor == nil {
		return rows, rows
	}
	return rows, zoom(d.WidthFactor)
}

// zoomOffset is where the first of n pixels is read: the middle stays where it is.
func zoomOffset(n int, zoom graph.Value) graph.Value {
	return ops.MulScalar(ops.SubScalarFrom(1, zoom), float64(n-1)/2)
}

// affine moves pixels by transforms, as the layer's arguments say.
func (d RandomZoom) affine(x, transforms graph.Value) graph.Value {
	o := ops.AffineOptions{Interpolation: d.Interpolation, FillMode: d.FillMode, FillValue: d.FillValue}
	return inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.AffineTransform(x, transforms, o) })
}

// ForMasks reads nearest pixels.
func (d RandomZoom) ForMasks() Layer {
	d.Interpolation = "nearest"
	return d
}

// MoveBoxes zooms boxes with their images.
func (d RandomZoom) MoveBoxes(c *Context, images, boxes graph.Value) graph.Value {
	if !c.Training() {
		return boxes
	}
	h, w := area(images, d.DataFormat)
	rows, cols := d.zooms(c, images)
	return ClipBoxes(shifted(boxes, ops.Neg(zoomOffset(w, cols)), ops.Neg(zoomOffset(h, rows)), cols, rows), h, w)
}

var (
	_ Layer = RandomZoom{}
	_ Mover = RandomZoom{}
)
