package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ZeroPadding3D adds slices, rows and columns of zeros around a volume.
//
// Input (batch, depth, height, width, channels), output with each length grown by its
// padding, or with channels after batch for channels_first.
type ZeroPadding3D struct {
	// Padding is {{front, back}, {top, bottom}, {left, right}}; default 1 on every
	// side. In YAML also one number for all sides, or three: for both ends of each axis.
	Padding             *[3][2]int `keras:"padding,pos,default=1,min=0"`
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ZeroPadding3D](module) }

// Build checks the input.
func (d ZeroPadding3D) Build(b *Builder, in ...tensor.Shape) { b.planes(in, d.DType, d.DataFormat, 3) }

// Call pads.
func (d ZeroPadding3D) Call(_ *Context, in ...graph.Value) graph.Value {
	pads := make([][2]int, 5)
	copy(pads[globalAxes(d.DataFormat, 3)[0]:], d.Padding[:])
	return ops.Pad(in[0], pads, 0)
}

var _ Layer = ZeroPadding3D{}
