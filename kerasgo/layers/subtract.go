package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Subtract subtracts its second input from its first.
//
// The inputs broadcast; one with fewer axes gets axes of length 1 after the batch
// axis. The mask of the output is where any input is unmasked, if all have masks.
type Subtract struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Subtract](module) }

// Build checks the inputs.
func (d Subtract) Build(b *Builder, in ...tensor.Shape) {
	if len(in) != 2 {
		b.misfit("wants 2 inputs, got %d", len(in))
		return
	}
	b.mergeShape(d.DType, in)
}

// Call combines the inputs.
func (d Subtract) Call(_ *Context, in ...graph.Value) graph.Value {
	in = widened(in)
	return ops.Sub(in[0], in[1])
}

// Mask is where any input is unmasked.
func (d Subtract) Mask(c *Context, in ...graph.Value) graph.Value { return anyMask(c, in) }

var (
	_ Layer  = Subtract{}
	_ Masker = Subtract{}
)
