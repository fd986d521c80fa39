package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AdaptiveAveragePooling1D takes the mean of each of a given number of windows that
// divide its input evenly, for every channel on its own: its output has one length
// whatever the input's.
//
// Input (batch, steps, channels), output (batch, t, channels), or with
// channels after batch for channels_first; OutputSize gives (t).
// Window i covers the steps from ⌊i·steps/t⌋ to ⌈(i+1)·steps/t⌉.
type AdaptiveAveragePooling1D struct {
	OutputSize          [1]int `keras:"output_size,pos,required,min=1"`                                      // length of the output
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AdaptiveAveragePooling1D](module) }

func (d AdaptiveAveragePooling1D) pool() adaptivePool {
	return adaptivePool{d.OutputSize[:], d.DataFormat}
}

// Build checks the input.
func (d AdaptiveAveragePooling1D) Build(b *Builder, in ...tensor.Shape) {
	d.pool().build(b, in, d.DType)
}

// Call pools.
func (d AdaptiveAveragePooling1D) Call(_ *Context, in ...graph.Value) graph.Value {
	return d.pool().apply(in[0], AdaptiveAverage)
}

var _ Layer = AdaptiveAveragePooling1D{}
