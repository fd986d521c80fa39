package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// BroadcastToOp repeats its input along axes of length 1 and new leading axes.
type BroadcastToOp struct{ Shape graph.Dims }

// Infer wants a shape that the input broadcasts to.
func (o BroadcastToOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("BroadcastTo", in, 1); err != nil {
		return nil, err
	}
	to := shape(o.Shape.List())
	if s, ok := tensor.Broadcast(in[0].Shape, to); !ok || !s.Equal(to) {
		return nil, misfit("BroadcastTo", "%v does not broadcast to %v", in[0].Shape, to)
	}
	return one(in[0].DType, to)
}

// Gradient sums over the repetitions.
func (BroadcastToOp) Gradient(in, out, dout []value) []value {
	return []value{SumTo(dout[0], in[0].Shape()...)}
}

// Eval copies with strides of 0.
func (BroadcastToOp) Eval(out, in []array) {
	s := out[0].Shape()
	copyStrided(out[0], in[0], s, dense(s), broadcast(in[0].Shape(), s))
}

// BroadcastTo repeats x along axes of length 1 and new leading axes until it has
// the given shape.
func BroadcastTo(x graph.Value, shape ...int) graph.Value {
	if broken(x) || tooLong(x, "BroadcastTo", shape) || x.Shape().Equal(shape) {
		return x
	}
	return graph.Apply1(BroadcastToOp{graph.MakeDims(shape...)}, x)
}

// SumTo is the reverse of BroadcastTo: it sums x over the axes that a value of
// the given shape is repeated along when it is broadcast to the shape of x.
func SumTo(x graph.Value, shape ...int) graph.Value {
	if broken(x) || x.Shape().Equal(shape) {
		return x
	}
	s := x.Shape()
	off := len(s) - len(shape)
	if off < 0 {
		return reject(x, "SumTo", "%v does not broadcast to %v", tensor.Shape(shape), s)
	}
	var axes []int
	for i, d := range s {
		switch {
		case i < off, shape[i-off] == 1 && d != 1:
			axes = append(axes, i)
		case shape[i-off] != d:
			return reject(x, "SumTo", "%v does not broadcast to %v", tensor.Shape(shape), s)
		}
	}
	return Reshape(Sum(x, axes, false), shape...)
}

var _ graph.Op = BroadcastToOp{}
