package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ZeroPadding1D adds steps of zeros before and after a sequence.
//
// Input (batch, steps, channels), output (batch, before + steps + after,
// channels), or with channels after batch for channels_first.
type ZeroPadding1D struct {
	Padding             *[2]int `keras:"padding,pos,default=1,min=0"`                                                   // steps before and after; in YAML also one number for both
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first,since=3.5"` // where the channels are
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ZeroPadding1D](module) }

// Build checks the input.
func (d ZeroPadding1D) Build(b *Builder, in ...tensor.Shape) { b.planes(in, d.DType, d.DataFormat, 1) }

// Call pads.
func (d ZeroPadding1D) Call(_ *Context, in ...graph.Value) graph.Value {
	pads := make([][2]int, 3)
	pads[globalAxes(d.DataFormat, 1)[0]] = *d.Padding
	return ops.Pad(in[0], pads, 0)
}

var _ Layer = ZeroPadding1D{}
