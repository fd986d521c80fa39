package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GlobalMaxPooling1D takes the largest of each channel over the steps.
//
// Input (batch, steps, channels), output (batch, channels), or
// (batch, 1, channels) with KeepDims; with channels after batch for
// channels_first.
type GlobalMaxPooling1D struct {
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	KeepDims            bool   `keras:"keepdims"`                                                            // whether the reduced axes stay, with length 1
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[GlobalMaxPooling1D](module, spec.Aliases("GlobalMaxPool1D")) }

// Build checks the input.
func (d GlobalMaxPooling1D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, d.DataFormat, 1)
}

// Call reduces.
func (d GlobalMaxPooling1D) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Max(in[0], globalAxes(d.DataFormat, 1), d.KeepDims)
}

var _ Layer = GlobalMaxPooling1D{}
