package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Average computes the mean of its inputs.
//
// The inputs broadcast; one with fewer axes gets axes of length 1 after the batch
// axis. The mask of the output is where any input is unmasked, if all have masks.
type Average struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Average](module) }

// Build checks the inputs.
func (d Average) Build(b *Builder, in ...tensor.Shape) { b.mergeShape(d.DType, in) }

// Call combines the inputs.
func (d Average) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.DivScalar(fold(ops.Add, widened(in)), float64(len(in)))
}

// Mask is where any input is unmasked.
func (d Average) Mask(c *Context, in ...graph.Value) graph.Value { return anyMask(c, in) }

var (
	_ Layer  = Average{}
	_ Masker = Average{}
)
