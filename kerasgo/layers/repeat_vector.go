package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RepeatVector makes a sequence of N copies of its input.
//
// Input (batch, features), output (batch, N, features).
type RepeatVector struct {
	N                   int    `keras:"n,pos,required,min=1"` // number of copies
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RepeatVector](module) }

// Build checks the input.
func (d RepeatVector) Build(b *Builder, in ...tensor.Shape) {
	b.input(in, d.DType, "batch", "features")
}

// Call repeats.
func (d RepeatVector) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Repeat(ops.ExpandDims(in[0], 1), d.N, 1)
}

var _ Layer = RepeatVector{}
