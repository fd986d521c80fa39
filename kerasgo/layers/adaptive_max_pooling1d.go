package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AdaptiveMaxPooling1D takes the largest element of each of a given number of windows that
// divide its input evenly, for every channel on its own: its output has one length
// whatever the input's.
//
// Input (batch, steps, channels), output (batch, t, channels), or with
// channels after batch for channels_first; OutputSize gives (t).
// Window i covers the steps from ⌊i·steps/t⌋ to ⌈(i+1)·steps/t⌉.
type AdaptiveMaxPooling1D struct {
	OutputSize          [1]int `keras:"output_size,pos,required,min=1"`                                      // length of the output
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AdaptiveMaxPooling1D](module) }

func (d AdaptiveMaxPooling1D) pool() adaptivePool { return adaptivePool{d.OutputSize[:], d.DataFormat} }

// Build checks the input.
func (d AdaptiveMaxPooling1D) Build(b *Builder, in ...tensor.Shape) {
	d.pool().build(b, in, d.DType)
}

// Call pools.
func (d AdaptiveMaxPooling1D) Call(_ *Context, in ...graph.Value) graph.Value {
	return d.pool().apply(in[0], AdaptiveMax)
}

var _ Layer = AdaptiveMaxPooling1D{}
