package ops

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	graph.Adder = Add
	graph.Ones = func(g *graph.Graph, s graph.Spec) graph.Value { return Fill(g, s, 1) }
}

// Short names for what every file here uses.
type (
	value = graph.Value
	spec  = graph.Spec
	shape = tensor.Shape
	array = *tensor.Tensor
)

// number is the set of types that arithmetic is defined on.
type number interface {
	float32 | float64 | int32 | int64
}

// float is the set of types that functions of real numbers are defined on.
type float interface{ float32 | float64 }

// inferError says why inputs do not fit an op. It wraps graph.ErrShape without
// repeating its text.
type inferError struct{ msg string }

func (e *inferError) Error() string { return e.msg }
func (e *inferError) Unwrap() error { return graph.ErrShape }

// misfit makes an error of the form "MatMul: …".
func misfit(op, format string, args ...any) error {
	return &inferError{op + ": " + fmt.Sprintf(format, args...)}
}

// reject records a misfit in the graph of x and returns x as a stand-in.
func reject(x value, op, format string, args ...any) value {
	x.Graph().Errorf("%w", misfit(op, format, args...))
	return x
}

// broken reports whether the graph of x has met an error; shapes mean nothing
// from then on.
func broken(x value) bool { return x.Graph().Err() != nil }

// one is the result of most Infer methods.
func one(t tensor.DType, s shape) ([]spec, error) { return []spec{{DType: t, Shape: s}}, nil }

// wantInputs checks the number of inputs of an op that was applied by hand.
func wantInputs(op string, in []spec, n int) error {
	if len(in) != n {
		return misfit(op, "wants %d inputs, got %d", n, len(in))
	}
	return nil
}

// wantFloat checks that an op on real numbers gets them.
func wantFloat(op string, in ...spec) error {
	for _, s := range in {
		if !s.DType.Float() {
			return misfit(op, "wants a float type, got %v; use Cast", s)
		}
		if s.DType != in[0].DType {
			return misfit(op, "operand types differ: %v and %v; use Cast", in[0], s)
		}
	}
	return nil
}

// wantNumber checks that arithmetic is defined on the types of the operands, and
// that they are one type.
func wantNumber(op string, in ...spec) error {
	for _, s := range in {
		switch s.DType {
		case tensor.Float32, tensor.Float64, tensor.Int32, tensor.Int64:
		default:
			return misfit(op, "is not defined on %v; use Cast", s)
		}
		if s.DType != in[0].DType {
			return misfit(op, "operand types differ: %v and %v; use Cast", in[0], s)
		}
	}
	return nil
}

// truthType is the type of a comparison's result.
func truthType(t tensor.DType) tensor.DType {
	if t.Float() {
		return t
	}
	return tensor.Float32
}

// isConst reports whether v is fixed, so that no gradient for it is needed.
func isConst(v value) bool {
	_, ok := v.Node.Op.(graph.Constant)
	return ok
}

// axisOf resolves a possibly negative axis. It records an error and returns
// false when the axis is outside the shape.
func axisOf(x value, op string, axis int) (int, bool) {
	if broken(x) {
		return 0, false
	}
	a, ok := x.Shape().Axis(axis)
	if !ok {
		reject(x, op, "axis %d is outside %v", axis, x.Shape())
	}
	return a, ok
}

// axesOf resolves a list of axes to ascending ones without repeats; an empty
// list means all.
func axesOf(x value, op string, axes []int) ([]int, bool) {
	if broken(x) {
		return nil, false
	}
	if x.Shape().Rank() > graph.MaxRank {
		reject(x, op, "rank %d, at most %d is supported", x.Shape().Rank(), graph.MaxRank)
		return nil, false
	}
	if len(axes) == 0 {
		all := make([]int, x.Shape().Rank())
		for i := range all {
			all[i] = i
		}
		return all, true
	}
	list := make([]int, len(axes))
	for i, a := range axes {
		var ok bool
		if list[i], ok = axisOf(x, op, a); !ok {
			return nil, false
		}
	}
	slices.Sort(list)
	if len(slices.Compact(slices.Clone(list))) != len(list) {
		reject(x, op, "axes %v name an axis of %v twice", axes, x.Shape())
		return nil, false
	}
	return list, true
}

// tooLong records an error when a list cannot be an attribute of an op.
func tooLong(x value, op string, list []int) bool {
	if len(list) <= graph.MaxRank {
		return false
	}
	reject(x, op, "%d dimensions, at most %d are supported", len(list), graph.MaxRank)
	return true
}

// span splits a shape at an axis: the number of elements before, along and after.
func span(s shape, axis int) (outer, n, inner int) {
	return s[:axis].Size(), s[axis], s[axis+1:].Size()
}
