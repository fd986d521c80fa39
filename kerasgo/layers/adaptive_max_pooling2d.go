package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AdaptiveMaxPooling2D takes the largest element of each of a given number of windows that
// divide its input evenly, for every channel on its own: its output has one length
// whatever the input's.
//
// Input (batch, height, width, channels), output (batch, h, w, channels), or with
// channels after batch for channels_first; OutputSize gives (h, w).
// Window (i, j) covers the rows from ⌊i·height/h⌋ to ⌈(i+1)·height/h⌉ and the columns
// likewise.
type AdaptiveMaxPooling2D struct {
	OutputSize          [2]int `keras:"output_size,pos,required,min=1"`                                      // height and width of the output
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AdaptiveMaxPooling2D](module) }

func (d AdaptiveMaxPooling2D) pool() adaptivePool { return adaptivePool{d.OutputSize[:], d.DataFormat} }

// Build checks the input.
func (d AdaptiveMaxPooling2D) Build(b *Builder, in ...tensor.Shape) {
	d.pool().build(b, in, d.DType)
}

// Call pools.
func (d AdaptiveMaxPooling2D) Call(_ *Context, in ...graph.Value) graph.Value {
	return d.pool().apply(in[0], AdaptiveMax)
}

var _ Layer = AdaptiveMaxPooling2D{}
