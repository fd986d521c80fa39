package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GlobalMaxPooling3D takes the largest of each channel over depth, height and width.
//
// Input (batch, depth, height, width, channels), output (batch, channels), or
// (batch, 1, 1, 1, channels) with KeepDims; with channels after batch for
// channels_first.
type GlobalMaxPooling3D struct {
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	KeepDims            bool   `keras:"keepdims"`                                                            // whether the reduced axes stay, with length 1
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[GlobalMaxPooling3D](module, spec.Aliases("GlobalMaxPool3D")) }

// Build checks the input.
func (d GlobalMaxPooling3D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, d.DataFormat, 3)
}

// Call reduces.
func (d GlobalMaxPooling3D) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Max(in[0], globalAxes(d.DataFormat, 3), d.KeepDims)
}

var _ Layer = GlobalMaxPooling3D{}
