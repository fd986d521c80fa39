package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// UpSampling2D makes an image larger by whole factors, by repeating pixels
// (nearest) or by interpolation between the centres of pixels; [ops.Resize] gives
// the formulas.
//
// Input (batch, height, width, channels), output (batch, height·Size[0],
// width·Size[1], channels), or with channels after batch for channels_first.
type UpSampling2D struct {
	Size                [2]int `keras:"size,pos,default=2,min=1"`                                                      // factors for height and width
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`           // where the channels are
	Interpolation       string `keras:"interpolation,default=nearest,enum=nearest|bilinear|bicubic|lanczos3|lanczos5"` // how pixels are made of pixels
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[UpSampling2D](module) }

// Build checks the input.
func (d UpSampling2D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, d.DataFormat, 2)
}

// Call repeats or interpolates.
func (d UpSampling2D) Call(_ *Context, in ...graph.Value) graph.Value {
	if d.Interpolation == "nearest" {
		axes := globalAxes(d.DataFormat, 2)
		return ops.Repeat(ops.Repeat(in[0], d.Size[0], axes[0]), d.Size[1], axes[1])
	}
	x := channelsLast(in[0], d.DataFormat)
	s := x.Shape()
	return channelsAs(ops.Resize(x, s[1]*d.Size[0], s[2]*d.Size[1], ops.ResizeOptions{Interpolation: d.Interpolation}), d.DataFormat)
}

var _ Layer = UpSampling2D{}
