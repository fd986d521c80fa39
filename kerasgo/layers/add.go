package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Add adds its inputs.
//
// The inputs broadcast; one with fewer axes gets axes of length 1 after the batch
// axis. The mask of the output is where any input is unmasked, if all have masks.
type Add struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Add](module) }

// Build checks the inputs.
func (d Add) Build(b *Builder, in ...tensor.Shape) { b.mergeShape(d.DType, in) }

// Call combines the inputs.
func (d Add) Call(_ *Context, in ...graph.Value) graph.Value {
	return fold(ops.Add, widened(in))
}

// Mask is where any input is unmasked.
func (d Add) Mask(c *Context, in ...graph.Value) graph.Value { return anyMask(c, in) }

var (
	_ Layer  = Add{}
	_ Masker = Add{}
)
