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
	Axis       spec.Ints `keras:"axis,pos,default=-1"` // axis or axes of the sum
	Name       string    `keras:"name"`
	Trainable  *bool     `keras:"trainable,default=true"`
	DType      string    `keras:"dtype"`
	InputShape []int     `keras:"input_shape,shape,noconfig"`
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
	x, mask := in[0], c.Mask(in[0])
	if mask.OK() {
		mask = ops.BroadcastTo(mask, x.Shape()...)
		x = ops.Where(mask, x, ops.Scalar(x, -1e9))
	}
	var y graph.Value
	if len(d.Axis) == 1 {
		y = ops.Softmax(x, d.Axis[0])
	} else {
		y = ops.Exp(ops.Sub(x, ops.LogSumExp(x, d.Axis, true)))
	}
	if mask.OK() {
		y = ops.Where(mask, y, ops.Scalar(y, 0))
	}
	return y
}

// PassesMask keeps the mask.
func (Softmax) PassesMask() {}

var _ Layer = Softmax{}
