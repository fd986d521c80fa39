package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Isfinite]("numpy")
	register[Isinf]("numpy")
	register[Isnan]("numpy")
	register[Isneginf]("numpy")
	register[Isposinf]("numpy")
	register[Isreal]("numpy")
	register[Signbit]("numpy")
	register[LogicalNot]("numpy")
}

// Isfinite is true for every element that is neither infinite nor NaN.
type Isfinite struct {
	ofX
	Name string `keras:"name"`
}

func (Isfinite) Call(c *Call) []Value { return c.test(isfinite) }

// Isinf is true for every infinite element.
type Isinf struct {
	ofX
	Name string `keras:"name"`
}

func (Isinf) Call(c *Call) []Value { return c.test(isinf) }

// Isnan is true for every element that is NaN.
type Isnan struct {
	ofX
	Name string `keras:"name"`
}

func (Isnan) Call(c *Call) []Value { return c.test(isnan) }

// Isneginf is true for every element that is -∞.
type Isneginf struct {
	ofX
	Name string `keras:"name"`
}

func (Isneginf) Call(c *Call) []Value { return c.test(isAt(math.Inf(-1))) }

// Isposinf is true for every element that is +∞.
type Isposinf struct {
	ofX
	Name string `keras:"name"`
}

func (Isposinf) Call(c *Call) []Value { return c.test(isAt(math.Inf(1))) }

// Isreal is true for every real number.
type Isreal struct {
	ofX
	Name string `keras:"name"`
}

func (Isreal) Call(c *Call) []Value {
	return c.test(func(x graph.Value) graph.Value { return constant(x, 1) })
}

// Signbit is true for every negative element, -0 included.
type Signbit struct {
	ofX
	Name string `keras:"name"`
}

func (Signbit) Call(c *Call) []Value { return c.test(signbit) }

// LogicalNot is true for every element that is 0 or false.
type LogicalNot struct {
	ofX
	Name string `keras:"name"`
}

func (LogicalNot) Call(c *Call) []Value { return c.test(ops.Not) }

// never is false for every element; integers are always finite.
func never(x graph.Value) graph.Value { return constant(x, 0) }

func isnan(x graph.Value) graph.Value {
	if !x.DType().Float() {
		return never(x)
	}
	return ops.NotEqual(x, x)
}

func isinf(x graph.Value) graph.Value {
	if !x.DType().Float() {
		return never(x)
	}
	return ops.Equal(ops.Abs(x), ops.Scalar(x, math.Inf(1)))
}

func isfinite(x graph.Value) graph.Value { return ops.Not(ops.Or(isnan(x), isinf(x))) }

func isAt(v float64) func(graph.Value) graph.Value {
	return func(x graph.Value) graph.Value {
		if !x.DType().Float() {
			return never(x)
		}
		return ops.Equal(x, ops.Scalar(x, v))
	}
}

// signbit looks at 1/x too, which is -∞ for -0.
func signbit(x graph.Value) graph.Value {
	negative := ops.Less(x, ops.Scalar(x, 0))
	if !x.DType().Float() {
		return negative
	}
	zero := ops.Equal(x, ops.Scalar(x, 0))
	return ops.Or(negative, ops.And(zero, ops.Less(ops.Reciprocal(x), ops.Scalar(x, 0))))
}
