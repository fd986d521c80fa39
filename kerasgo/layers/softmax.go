package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Softmax computes exp(x)/Σ exp(x), the sum taken over Axis. With several axes the
// sum is over all of them together. Masked places get 0 and do not count.
//
// Input and output have one shape.
type Softmax struct {
	Axis                spec.Ints `keras:"axis,pos,default=-1"` // axis or axes of the sum
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Softmax](module) }

// Build checks the axes.
func (d Softmax) Build(b *Builder, in ...tensor.Shape) {
	if s, ok := b.input(in, d.DType); ok {
		b.axes(s, d.Axis)
	}
}

// Call applies the function.
func (d Softmax) Call(c *Context, in ...graph.Value) graph.Value {
	mask := c.Mask(in[0])
	if mask.OK() {
		mask = ops.BroadcastTo(mask, in[0].Shape()...)
	}
	return softmax(in[0], mask, d.Axis)
}

// softmax is the function over one or several axes. Where the mask, if there is one
// of x's shape, is 0, so is the result.
func softmax(x, mask graph.Value, axes []int) graph.Value {
	if mask.OK() {
		x = ops.Where(mask, x, ops.Scalar(x, -1e9))
	}
	var y graph.Value
	if len(axes) == 1 {
		y = ops.Softmax(x, axes[0])
	} else {
		y = ops.Exp(ops.Sub(x, ops.LogSumExp(x, axes, true)))
	}
	if mask.OK() {
		y = ops.Where(mask, y, ops.Scalar(y, 0))
	}
	return y
}

// PassesMask keeps the mask.
func (Softmax) PassesMask() {}

// TakesMask lets a call have a mask of its own.
func (Softmax) TakesMask() {}

var _ Layer = Softmax{}
