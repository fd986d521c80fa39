package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
	"github.com/kerasgo/kerasgo/spec"
)

// ActivityRegularization returns its input and adds L1·Σ|x| + L2·Σx², divided by
// the batch size, to the loss.
type ActivityRegularization struct {
	L1         float64 `keras:"l1,pos,default=0,min=0"` // factor of the absolute values
	L2         float64 `keras:"l2,default=0,min=0"`     // factor of the squares
	Name       string  `keras:"name"`
	Trainable  *bool   `keras:"trainable,default=true"`
	DType      string  `keras:"dtype"`
	InputShape []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ActivityRegularization](module) }

// Build checks the input.
func (d ActivityRegularization) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call adds the penalty.
func (d ActivityRegularization) Call(c *Context, in ...graph.Value) graph.Value {
	c.penalise(regularizers.L1L2{L1: d.L1, L2: d.L2}, in[0])
	return in[0]
}

// PassesMask keeps the mask.
func (ActivityRegularization) PassesMask() {}

var _ Layer = ActivityRegularization{}
