package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Minimum takes the smallest of its inputs' elements, leaving out masked ones where
// another input has a value.
//
// The inputs broadcast; one with fewer axes gets axes of length 1 after the batch
// axis. The mask of the output is where any input is unmasked, if all have masks.
type Minimum struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Minimum](module) }

// Build checks the inputs.
func (d Minimum) Build(b *Builder, in ...tensor.Shape) { b.mergeShape(d.DType, in) }

// Call combines the inputs.
func (d Minimum) Call(c *Context, in ...graph.Value) graph.Value {
	return extremum(c, ops.Minimum, in)
}

// Mask is where any input is unmasked.
func (d Minimum) Mask(c *Context, in ...graph.Value) graph.Value { return anyMask(c, in) }

var (
	_ Layer  = Minimum{}
	_ Masker = Minimum{}
)
