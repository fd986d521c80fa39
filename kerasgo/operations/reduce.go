package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Sum]("numpy")
	register[Prod]("numpy")
	register[Mean]("numpy")
	register[Var]("numpy")
	register[Std]("numpy")
	register[Max]("numpy")
	register[Min]("numpy")
	register[Amax]("numpy")
	register[Amin]("numpy")
	register[Ptp]("numpy")
	register[Logsumexp]("math")
	register[Average]("numpy")
}

// Sum adds the elements along axes. Short integers and truth values are added in 32 bits.
type Sum struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Sum) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, sumType, ops.Sum) }

// Prod multiplies the elements along axes. Short integers and truth values are multiplied in 32 bits.
type Prod struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
	DType    string    `keras:"dtype"`                  // element type of the result
}

func (o Prod) Call(c *Call) []Value {
	return typed(c.reduce(o.Axis, o.Keepdims, sumType, product), o.DType)
}

// Mean computes the mean along axes, in floating point.
type Mean struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Mean) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, realType, ops.Mean) }

// Var computes the variance along axes, in floating point: the mean of the squared distances from the mean.
type Var struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Var) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, realType, ops.Variance) }

// Std computes the standard deviation along axes, in floating point: the square root of the variance.
type Std struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Std) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, realType, deviation) }

// Max takes the largest element along axes.
type Max struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
	Initial  *float64  `keras:"initial"`                // the result is at least this
}

func (o Max) Call(c *Call) []Value {
	return c.extreme(o.Axis, o.Keepdims, o.Initial, ops.Max, ops.Maximum)
}

// Min takes the smallest element along axes.
type Min struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
	Initial  *float64  `keras:"initial"`                // the result is at most this
}

func (o Min) Call(c *Call) []Value {
	return c.extreme(o.Axis, o.Keepdims, o.Initial, ops.Min, ops.Minimum)
}

// Amax takes the largest element along axes.
type Amax struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Amax) Call(c *Call) []Value { return c.extreme(o.Axis, o.Keepdims, nil, ops.Max, nil) }

// Amin takes the smallest element along axes.
type Amin struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Amin) Call(c *Call) []Value { return c.extreme(o.Axis, o.Keepdims, nil, ops.Min, nil) }

// Ptp computes the range along axes: the largest element minus the smallest.
type Ptp struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Ptp) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, numberType, ptp) }

// Logsumexp computes the logarithm of the sum of the exponentials along axes.
type Logsumexp struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Logsumexp) Call(c *Call) []Value {
	return c.reduce(o.Axis, o.Keepdims, realType, ops.LogSumExp)
}

// Average computes the mean along axes, weighted if there are weights: of the shape of x, or of the axis.
type Average struct {
	ofWeighted
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes that are taken together; None is all
}

func (o Average) Call(c *Call) []Value { return o.average(c) }

type reducer = func(x graph.Value, axes []int, keepDims bool) graph.Value
type ofWeighted struct{}

func (ofWeighted) Arguments() []string { return []string{"x", "weights"} }
func (ofWeighted) Keywords() []string  { return []string{"weights"} }

func (o Average) average(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	if !c.Has(1) {
		return one(ops.Mean(x.to(dtype).Value, c.axes(o.Axis, len(x.Shape())), false), dtype)
	}
	w := c.X(1)
	dtype = realType(promote(x, w))
	xv, wv := x.to(dtype).Value, w.to(dtype).Value
	axes := c.axes(o.Axis, len(x.Shape()))
	if len(wv.Shape()) == 1 && len(o.Axis) == 1 && len(xv.Shape()) > 1 {
		shape := slices.Repeat([]int{1}, len(xv.Shape()))
		shape[axes[0]] = wv.Shape()[0]
		wv = ops.Reshape(wv, shape...)
	}
	wv = ops.BroadcastTo(wv, xv.Shape()...)
	return one(ops.Div(ops.Sum(ops.Mul(xv, wv), axes, false), ops.Sum(wv, axes, false)), dtype)
}

// reduce applies a reduction in the type that result gives.
func (c *Call) reduce(axis spec.Ints, keep bool, result func(string) string, f reducer) []Value {
	x := c.X(0)
	axes := c.axes(axis, len(x.Shape()))
	if !c.ok() {
		return []Value{x}
	}
	dtype := result(x.DType)
	if len(axes) == 0 { // of a scalar
		return one(f(ops.Reshape(x.to(dtype).Value, 1), []int{0}, false), dtype)
	}
	return one(f(x.to(dtype).Value, axes, keep), dtype)
}

// typed casts results to a type, if one is named.
func typed(list []Value, dtype string) []Value {
	if dtype != "" {
		list[0] = list[0].to(dtype)
	}
	return list
}

// product multiplies whole numbers in float64, which the engine's Prod wants.
func product(x graph.Value, axes []int, keep bool) graph.Value {
	if x.DType().Float() {
		return ops.Prod(x, axes, keep)
	}
	return ops.Cast(ops.Prod(ops.Cast(x, tensor.Float64), axes, keep), x.DType())
}

func deviation(x graph.Value, axes []int, keep bool) graph.Value {
	return ops.Sqrt(ops.Variance(x, axes, keep))
}

func ptp(x graph.Value, axes []int, keep bool) graph.Value {
	return ops.Sub(ops.Max(x, axes, keep), ops.Min(x, axes, keep))
}

func same(dtype string) string { return dtype }

func (c *Call) extreme(axis spec.Ints, keep bool, initial *float64, f reducer, join func(a, b graph.Value) graph.Value) []Value {
	out := c.reduce(axis, keep, same, f)
	if initial != nil && c.ok() {
		out[0].Value = join(out[0].Value, ops.Scalar(out[0].Value, *initial))
	}
	return out
}

// without returns a shape without some axes.
func without(s tensor.Shape, axes []int) []int {
	out := []int{}
	for i, n := range s {
		if !slices.Contains(axes, i) {
			out = append(out, n)
		}
	}
	return out
}
