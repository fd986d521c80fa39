package layers

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Resizing makes images of one size, in training and outside.
//
// Input (batch, h, w, channels), output (batch, Height, Width, channels), or with
// channels after batch for channels_first. [ops.Resize] gives the formulas.
type Resizing struct {
	Height              int     `keras:"height,pos,required,min=1"`                                                                                              // rows of the output
	Width               int     `keras:"width,required,min=1"`                                                                                                   // columns of the output
	Interpolation       string  `keras:"interpolation,default=bilinear,enum=nearest|bilinear|bicubic|lanczos3|lanczos5|area"`                                    // how pixels are made of pixels
	CropToAspectRatio   bool    `keras:"crop_to_aspect_ratio"`                                                                                                   // first cut the largest part from the middle that has the output's proportions
	PadToAspectRatio    bool    `keras:"pad_to_aspect_ratio"`                                                                                                    // first add borders, so that the image has the output's proportions
	FillMode            string  `keras:"fill_mode,default=constant,enum=constant"`                                                                               // what borders are made of
	FillValue           float64 `keras:"fill_value,default=0"`                                                                                                   // value of the borders
	Antialias           bool    `keras:"antialias,since=3.9"`                                                                                                    // mix all the pixels that an output pixel covers when the image shrinks
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string  `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Resizing](module) }

// Build checks the arguments and the input.
func (d Resizing) Build(b *Builder, in ...tensor.Shape) {
	if d.CropToAspectRatio && d.PadToAspectRatio {
		b.Errorf("crop_to_aspect_ratio and pad_to_aspect_ratio are both true; only one of them can be")
		return
	}
	b.pixels(in, d.DType, d.DataFormat)
}

// Call resizes. Integers are rounded, and stay integers.
func (d Resizing) Call(_ *Context, in ...graph.Value) graph.Value {
	x := channelsLast(in[0], d.DataFormat)
	switch {
	case d.CropToAspectRatio:
		x = cropToAspect(x, d.Height, d.Width)
	case d.PadToAspectRatio:
		x = padToAspect(x, d.Height, d.Width, d.FillValue)
	}
	dtype := x.DType()
	if !dtype.Float() {
		x = ops.Cast(x, tensor.Float32)
	}
	y := ops.Resize(x, d.Height, d.Width, ops.ResizeOptions{Interpolation: d.Interpolation, Antialias: d.Antialias})
	if !dtype.Float() {
		y = ops.Cast(ops.Round(y), dtype)
	}
	return channelsAs(y, d.DataFormat)
}

// cropToAspect cuts the largest part from the middle of images (N, H, W, C) that
// has the proportions of height and width.
func cropToAspect(x graph.Value, height, width int) graph.Value {
	if x.Graph().Err() != nil {
		return x
	}
	h, w := x.Shape()[1], x.Shape()[2]
	ch := max(min(h, int(float32(w*height)/float32(width))), 1)
	cw := max(min(w, int(float32(h*width)/float32(height))), 1)
	return ops.Slice(x, []int{0, (h - ch) / 2, (w - cw) / 2, 0}, []int{x.Shape()[0], ch, cw, x.Shape()[3]})
}

// padToAspect adds borders of equal width to images (N, H, W, C), so that they
// have the proportions of height and width.
func padToAspect(x graph.Value, height, width int, fill float64) graph.Value {
	if x.Graph().Err() != nil {
		return x
	}
	h, w := x.Shape()[1], x.Shape()[2]
	rows := (max(h, int(float32(w*height)/float32(width))) - h) / 2
	cols := (max(w, int(float32(h*width)/float32(height))) - w) / 2
	return ops.Pad(x, [][2]int{{}, {rows, rows}, {cols, cols}, {}}, fill)
}

// pixels is planes for images that must have a pixel.
func (b *Builder) pixels(in []tensor.Shape, dtype, format string) (tensor.Shape, bool) {
	s, ok := b.planes(in, dtype, format, 2)
	if ok && (s[1] < 1 || s[2] < 1) {
		b.misfit("its input %v has no pixels", shown(in[0]))
		return s, false
	}
	return s, ok
}

// ForMasks reads nearest pixels.
func (d Resizing) ForMasks() Layer {
	d.Interpolation, d.Antialias = "nearest", false
	return d
}

// MoveBoxes scales boxes with their images. Boxes of zeros, which fill up lists, stay zeros.
func (d Resizing) MoveBoxes(_ *Context, images, boxes graph.Value) graph.Value {
	h, w := area(images, d.DataFormat)
	ky, kx := float64(d.Height)/float64(h), float64(d.Width)/float64(w)
	var y graph.Value
	switch {
	case d.CropToAspectRatio:
		k := max(kx, ky)
		y = scaled(boxes, k, k, -math.Floor((k*float64(w)-float64(d.Width))/2), -math.Floor((k*float64(h)-float64(d.Height))/2))
	case d.PadToAspectRatio:
		k := min(kx, ky)
		y = scaled(boxes, k, k, math.Floor((float64(d.Width)-k*float64(w))/2), math.Floor((float64(d.Height)-k*float64(h))/2))
	default:
		y = scaled(boxes, kx, ky, 0, 0)
	}
	none := ops.Equal(ops.Max(ops.Abs(boxes), []int{-1}, true), ops.Scalar(boxes, 0))
	return ops.Where(none, ops.MulScalar(y, 0), ClipBoxes(y, d.Height, d.Width))
}

var (
	_ Layer = Resizing{}
	_ Mover = Resizing{}
)
