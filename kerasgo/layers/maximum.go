package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Maximum takes the largest of its inputs' elements, leaving out masked ones where
// another input has a value.
//
// The inputs broadcast; one with fewer axes gets axes of length 1 after the batch
// axis. The mask of the output is where any input is unmasked, if all have masks.
type Maximum struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Maximum](module) }

// Build checks the inputs.
func (d Maximum) Build(b *Builder, in ...tensor.Shape) { b.mergeShape(d.DType, in) }

// Call combines the inputs.
func (d Maximum) Call(c *Context, in ...graph.Value) graph.Value {
	return extremum(c, ops.Maximum, in)
}

// Mask is where any input is unmasked.
func (d Maximum) Mask(c *Context, in ...graph.Value) graph.Value { return anyMask(c, in) }

var (
	_ Layer  = Maximum{}
	_ Masker = Maximum{}
)
