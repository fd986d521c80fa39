package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// CenterCrop cuts the middle out of images, in training and outside. Of an image
// with too few rows or columns it takes the largest part from the middle that has
// the output's proportions, and resizes it by linear interpolation.
//
// Input (batch, h, w, channels), output (batch, Height, Width, channels), or with
// channels after batch for channels_first.
type CenterCrop struct {
	Height              int    `keras:"height,pos,required,min=1"`                                                                                              // rows of the output
	Width               int    `keras:"width,required,min=1"`                                                                                                   // columns of the output
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[CenterCrop](module) }

// Build checks the input.
func (d CenterCrop) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call crops.
func (d CenterCrop) Call(c *Context, in ...graph.Value) graph.Value {
	x := channelsLast(floats(in[0]), d.DataFormat)
	s := x.Shape()
	if s[1] >= d.Height && s[2] >= d.Width {
		x = ops.Slice(x, []int{0, (s[1] - d.Height) / 2, (s[2] - d.Width) / 2, 0}, []int{s[0], d.Height, d.Width, s[3]})
	} else {
		x = ops.ResizeBilinear(cropToAspect(x, d.Height, d.Width), d.Height, d.Width)
	}
	return channelsAs(x, d.DataFormat)
}

// floats casts integers to float32, as image layers that compute do.
func floats(x graph.Value) graph.Value {
	if x.DType().Float() {
		return x
	}
	return ops.Cast(x, tensor.Float32)
}

// ForMasks returns the layer.
func (d CenterCrop) ForMasks() Layer { return d }

// MoveBoxes cuts boxes as their images.
func (d CenterCrop) MoveBoxes(_ *Context, images, boxes graph.Value) graph.Value {
	h, w := area(images, d.DataFormat)
	if h >= d.Height && w >= d.Width {
		return ClipBoxes(scaled(boxes, 1, 1, -float64((w-d.Width)/2), -float64((h-d.Height)/2)), d.Height, d.Width)
	}
	return ClipBoxes(cutBoxes(boxes, h, w, d.Height, d.Width), d.Height, d.Width)
}

// cutBoxes moves boxes as cropToAspect and resizing do the pixels.
func cutBoxes(boxes graph.Value, h, w, height, width int) graph.Value {
	ch := max(min(h, int(float32(w*height)/float32(width))), 1)
	cw := max(min(w, int(float32(h*width)/float32(height))), 1)
	kx, ky := float64(width)/float64(cw), float64(height)/float64(ch)
	return scaled(boxes, kx, ky, -kx*float64((w-cw)/2), -ky*float64((h-ch)/2))
}

var (
	_ Layer = CenterCrop{}
	_ Mover = CenterCrop{}
)
