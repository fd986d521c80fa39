package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ReshapeOp reads the elements, in order, as an array of another shape.
type ReshapeOp struct{ Shape graph.Dims }

// Infer wants a shape of the same size.
func (o ReshapeOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Reshape", in, 1); err != nil {
		return nil, err
	}
	to := shape(o.Shape.List())
	for _, d := range to {
		if d < 0 {
			return nil, misfit("Reshape", "negative length in %v", []int(to))
		}
	}
	if to.Size() != in[0].Shape.Size() {
		return nil, misfit("Reshape", "cannot turn %v (%d elements) into %v", in[0].Shape, in[0].Shape.Size(), to)
	}
	return one(in[0].DType, to)
}

// Gradient reshapes back.
func (ReshapeOp) Gradient(in, out, dout []value) []value {
	return []value{Reshape(dout[0], in[0].Shape()...)}
}

// Eval copies.
func (ReshapeOp) Eval(out, in []array) { out[0].CopyFrom(in[0]) }

// Reshape returns x with another shape of the same size. One length may be -1
// and is then worked out.
func Reshape(x graph.Value, shape ...int) graph.Value {
	if broken(x) || tooLong(x, "Reshape", shape) {
		return x
	}
	to := slices.Clone(shape)
	if free := slices.Index(to, tensor.Unknown); free >= 0 {
		to[free] = 1
		rest := tensor.Shape(to).Size()
		if slices.Contains(to, tensor.Unknown) {
			return reject(x, "Reshape", "more than one -1 in %v", shape)
		}
		if rest <= 0 || x.Shape().Size()%rest != 0 {
			return reject(x, "Reshape", "cannot turn %v (%d elements) into %v", x.Shape(), x.Shape().Size(), shape)
		}
		to[free] = x.Shape().Size() / rest
	}
	if x.Shape().Equal(to) {
		return x
	}
	return graph.Apply1(ReshapeOp{graph.MakeDims(to...)}, x)
}

// ExpandDims inserts an axis of length 1, which becomes axis `axis` of the result.
func ExpandDims(x graph.Value, axis int) graph.Value {
	if broken(x) {
		return x
	}
	s := x.Shape()
	at := axis
	if at < 0 {
		at += len(s) + 1
	}
	if at < 0 || at > len(s) {
		return reject(x, "ExpandDims", "axis %d is outside the result of rank %d of %v", axis, len(s)+1, s)
	}
	return Reshape(x, slices.Insert(s.Clone(), at, 1)...)
}

// Squeeze removes an axis of length 1.
func Squeeze(x graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "Squeeze", axis)
	if !ok {
		return x
	}
	if x.Shape()[a] != 1 {
		return reject(x, "Squeeze", "axis %d of %v is not of length 1", axis, x.Shape())
	}
	return Reshape(x, slices.Delete(x.Shape().Clone(), a, a+1)...)
}

var _ graph.Op = ReshapeOp{}
