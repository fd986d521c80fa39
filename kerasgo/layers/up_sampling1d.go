package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// UpSampling1D repeats each step Size times.
//
// Input (batch, steps, channels), output (batch, steps·Size, channels).
type UpSampling1D struct {
	Size                int    `keras:"size,pos,default=2,min=1"` // number of copies of each step
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[UpSampling1D](module) }

// Build checks the input.
func (d UpSampling1D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, "channels_last", 1)
}

// Call repeats.
func (d UpSampling1D) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Repeat(in[0], d.Size, 1)
}

var _ Layer = UpSampling1D{}
