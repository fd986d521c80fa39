package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// ConcatOp joins its inputs along an axis.
type ConcatOp struct{ Axis int }

// Infer wants inputs that agree in everything but the length of the axis.
func (o ConcatOp) Infer(in []spec) ([]spec, error) {
	if len(in) == 0 {
		return nil, misfit("Concat", "wants at least one input")
	}
	first := in[0]
	if o.Axis < 0 || o.Axis >= len(first.Shape) {
		return nil, misfit("Concat", "axis %d is outside %v", o.Axis, first.Shape)
	}
	to := first.Shape.Clone()
	for _, s := range in[1:] {
		if s.DType != first.DType {
			return nil, misfit("Concat", "operand types differ: %v and %v; use Cast", first, s)
		}
		fits := len(s.Shape) == len(to)
		for i := range to {
			fits = fits && (i == o.Axis || s.Shape[i] == to[i])
		}
		if !fits {
			return nil, misfit("Concat", "shapes %v and %v differ outside axis %d", first.Shape, s.Shape, o.Axis)
		}
		to[o.Axis] += s.Shape[o.Axis]
	}
	return one(first.DType, to)
}

// Gradient cuts the parts out again.
func (o ConcatOp) Gradient(in, out, dout []value) []value {
	grads := make([]value, len(in))
	at := 0
	for i, v := range in {
		starts := make([]int, v.Shape().Rank())
		starts[o.Axis] = at
		grads[i] = Slice(dout[0], starts, v.Shape())
		at += v.Shape()[o.Axis]
	}
	return grads
}

// Eval copies each input to its place.
func (o ConcatOp) Eval(out, in []array) {
	st := out[0].Shape().Strides()
	at := 0
	for _, x := range in {
		copyStrided(out[0], x, x.Shape(), lane{at * st[o.Axis], st}, dense(x.Shape()))
		at += x.Shape()[o.Axis]
	}
}

// Concat joins xs, of which there must be at least one, along an axis.
func Concat(axis int, xs ...graph.Value) graph.Value {
	if len(xs) == 0 {
		panic("ops: Concat of nothing")
	}
	a, ok := axisOf(xs[0], "Concat", axis)
	if !ok || len(xs) == 1 {
		return xs[0]
	}
	return graph.Apply1(ConcatOp{a}, xs...)
}

// Stack joins xs, of equal shapes, along a new axis, which becomes axis `axis` of
// the result.
func Stack(axis int, xs ...graph.Value) graph.Value {
	if len(xs) == 0 {
		panic("ops: Stack of nothing")
	}
	if broken(xs[0]) {
		return xs[0]
	}
	wide := make([]graph.Value, len(xs))
	for i, x := range xs {
		if !x.Shape().Equal(xs[0].Shape()) {
			return reject(x, "Stack", "shapes %v and %v differ", xs[0].Shape(), x.Shape())
		}
		wide[i] = ExpandDims(x, axis)
	}
	if axis < 0 {
		axis += xs[0].Shape().Rank() + 1
	}
	return Concat(axis, wide...)
}

var _ graph.Op = ConcatOp{}
