package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Cumsum]("numpy")
	register[Cumprod]("numpy")
	register[Nancumsum]("numpy")
	register[Nancumprod]("numpy")
	register[Diff]("numpy")
}

// Diff subtracts each element from the next along an axis, N times.
type Diff struct {
	ofA
	Name string `keras:"name"`
	N    *int   `keras:"n,default=1,min=0"` // how often
	Axis *int   `keras:"axis,default=-1"`   // axis, negative ones counted from the end
}

func (o Diff) Call(c *Call) []Value { return o.diff(c) }

// Cumsum adds each element to those before it along an axis.
type Cumsum struct {
	ofX
	Name  string `keras:"name"`
	Axis  *int   `keras:"axis"`  // axis; None takes the elements as one list
	DType string `keras:"dtype"` // element type of the result
}

func (o Cumsum) Call(c *Call) []Value { return c.running(o.Axis, o.DType, ops.CumSum) }

// Cumprod multiplies each element by those before it along an axis.
type Cumprod struct {
	ofX
	Name  string `keras:"name"`
	Axis  *int   `keras:"axis"`  // axis; None takes the elements as one list
	DType string `keras:"dtype"` // element type of the result
}

func (o Cumprod) Call(c *Call) []Value { return c.running(o.Axis, o.DType, cumProd) }

// Nancumsum adds each element to those before it along an axis, NaN counting as 0.
type Nancumsum struct {
	ofX
	Name  string `keras:"name"`
	Axis  *int   `keras:"axis"`  // axis; None takes the elements as one list
	DType string `keras:"dtype"` // element type of the result
}

func (o Nancumsum) Call(c *Call) []Value { return c.nan(0).running(o.Axis, o.DType, ops.CumSum) }

// Nancumprod multiplies each element by those before it along an axis, NaN counting as 1.
type Nancumprod struct {
	ofX
	Name  string `keras:"name"`
	Axis  *int   `keras:"axis"`  // axis; None takes the elements as one list
	DType string `keras:"dtype"` // element type of the result
}

func (o Nancumprod) Call(c *Call) []Value { return c.nan(1).running(o.Axis, o.DType, cumProd) }

type ofA struct{}

func (ofA) Arguments() []string { return []string{"a"} }

func (o Diff) diff(c *Call) []Value {
	x := c.X(0)
	a := c.axis(*o.Axis, len(x.Shape()))
	v := x.Value
	if !c.within("n", *o.N, maxParts) {
		return []Value{x}
	}
	for range *o.N {
		if !c.ok() || v.Shape()[a] < 2 {
			return c.failed("axis %d of %v is too short", a, x.Shape())
		}
		n := v.Shape()[a] - 1
		next, last := cut(v, a, 1, n), cut(v, a, 0, n)
		if x.DType == "bool" {
			v = ops.NotEqual(next, last)
		} else {
			v = ops.Sub(next, last)
		}
	}
	return one(v, x.DType)
}

func (c *Call) running(axis *int, dtype string, f func(x graph.Value, axis int) graph.Value) []Value {
	x := c.X(0)
	if dtype == "" {
		dtype = numberType(x.DType)
	}
	v, a := x.to(dtype).Value, 0
	if axis == nil {
		v = ops.Reshape(v, -1)
	} else {
		a = c.axis(*axis, len(x.Shape()))
	}
	return one(wrapped(f(v, a), dtype), dtype)
}

// cumProd multiplies step by step: element i is the product of what stands at
// 0…i, taken from a triangle of copies.
func cumProd(x graph.Value, axis int) graph.Value {
	rank, n := len(x.Shape()), x.Shape()[axis]
	if n > 8192 {
		x.Graph().Errorf("products along an axis of length %d are out of bounds, at most 8192", n)
		return x
	}
	wide := ops.ExpandDims(x, axis) // (…, 1, n, …): row i keeps the first i+1, ones after them
	shape := slices.Repeat([]int{1}, rank+1)
	shape[axis], shape[axis+1] = n, n
	keep := ops.Reshape(ops.Const(x.Graph(), triangle(n, n, 0, true)), shape...)
	y := product(ops.Where(keep, wide, ops.Scalar(x, 1)), []int{axis + 1}, false)
	return y
}
