package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ZeroPadding2D adds rows and columns of zeros around an image.
//
// Input (batch, height, width, channels), output (batch, top + height + bottom,
// left + width + right, channels), or with channels after batch for
// channels_first.
type ZeroPadding2D struct {
	// Padding is {{top, bottom}, {left, right}}; default 1 on every side. In YAML
	// also one number for all sides, or a pair: rows above and below, columns left
	// and right.
	Padding             *[2][2]int `keras:"padding,pos,default=1,min=0"`
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ZeroPadding2D](module) }

// Build checks the input.
func (d ZeroPadding2D) Build(b *Builder, in ...tensor.Shape) { b.planes(in, d.DType, d.DataFormat, 2) }

// Call pads.
func (d ZeroPadding2D) Call(_ *Context, in ...graph.Value) graph.Value {
	pads := make([][2]int, 4)
	copy(pads[globalAxes(d.DataFormat, 2)[0]:], d.Padding[:])
	return ops.Pad(in[0], pads, 0)
}

var _ Layer = ZeroPadding2D{}
