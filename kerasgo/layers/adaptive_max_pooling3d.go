package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AdaptiveMaxPooling3D takes the largest element of each of a given number of windows that
// divide its input evenly, for every channel on its own: its output has one length
// whatever the input's.
//
// Input (batch, depth, height, width, channels), output (batch, d, h, w, channels), or with
// channels after batch for channels_first; OutputSize gives (d, h, w).
// A window covers the rows from ⌊i·height/h⌋ to ⌈(i+1)·height/h⌉; depth and width
// are divided likewise.
type AdaptiveMaxPooling3D struct {
	OutputSize          [3]int `keras:"output_size,pos,required,min=1"`                                      // depth, height and width of the output
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AdaptiveMaxPooling3D](module) }

func (d AdaptiveMaxPooling3D) pool() adaptivePool { return adaptivePool{d.OutputSize[:], d.DataFormat} }

// Build checks the input.
func (d AdaptiveMaxPooling3D) Build(b *Builder, in ...tensor.Shape) {
	d.pool().build(b, in, d.DType)
}

// Call pools.
func (d AdaptiveMaxPooling3D) Call(_ *Context, in ...graph.Value) graph.Value {
	return d.pool().apply(in[0], AdaptiveMax)
}

var _ Layer = AdaptiveMaxPooling3D{}
