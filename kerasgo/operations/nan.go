package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Nansum]("numpy")
	register[Nanprod]("numpy")
	register[Nanmax]("numpy")
	register[Nanmin]("numpy")
	register[Nanmean]("numpy")
	register[Nanvar]("numpy")
	register[Nanstd]("numpy")
}

// Nansum adds the elements along axes that are not NaN.
type Nansum struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nansum) Call(c *Call) []Value { return c.nan(0).reduce(o.Axis, o.Keepdims, sumType, ops.Sum) }

// Nanprod multiplies the elements along axes that are not NaN.
type Nanprod struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanprod) Call(c *Call) []Value { return c.nan(1).reduce(o.Axis, o.Keepdims, sumType, product) }

// Nanmax takes the largest element along axes that is not NaN; NaN where there is none.
type Nanmax struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanmax) Call(c *Call) []Value { return c.nanExtreme(o.Axis, o.Keepdims, math.Inf(-1), ops.Max) }

// Nanmin takes the smallest element along axes that is not NaN; NaN where there is none.
type Nanmin struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanmin) Call(c *Call) []Value { return c.nanExtreme(o.Axis, o.Keepdims, math.Inf(1), ops.Min) }

// Nanmean computes the mean of the elements along axes that are not NaN.
type Nanmean struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanmean) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, realType, nanMean) }

// Nanvar computes the variance of the elements along axes that are not NaN.
type Nanvar struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanvar) Call(c *Call) []Value { return c.reduce(o.Axis, o.Keepdims, realType, nanVariance) }

// Nanstd computes the standard deviation of the elements along axes that are not NaN.
type Nanstd struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanstd) Call(c *Call) []Value {
	return c.reduce(o.Axis, o.Keepdims, realType, func(x graph.Value, axes []int, keep bool) graph.Value { return ops.Sqrt(nanVariance(x, axes, keep)) })
}

// nan returns the call with NaN of its first argument replaced.
func (c *Call) nan(by float64) *Call {
	x := c.X(0)
	x.Value = ops.Where(isnan(x.Value), ops.Scalar(x.Value, by), x.Value)
	return NewCall(c.graph, []any{x})
}

func (c *Call) nanExtreme(axis spec.Ints, keep bool, neutral float64, f reducer) []Value {
	if !isFloat(c.X(0).DType) {
		return c.reduce(axis, keep, same, f)
	}
	return c.reduce(axis, keep, same, func(x graph.Value, axes []int, keep bool) graph.Value {
		none := ops.Min(isnan(x), axes, keep)
		y := f(ops.Where(isnan(x), ops.Scalar(x, neutral), x), axes, keep)
		return ops.Where(none, ops.Scalar(y, math.NaN()), y)
	})
}

func nanMean(x graph.Value, axes []int, keep bool) graph.Value {
	n := ops.Sum(ops.Cast(ops.Not(isnan(x)), x.DType()), axes, keep)
	return ops.Div(ops.Sum(ops.Where(isnan(x), ops.Scalar(x, 0), x), axes, keep), n)
}

func nanVariance(x graph.Value, axes []int, keep bool) graph.Value {
	nan, zero := isnan(x), ops.Scalar(x, 0)
	n := ops.Sum(ops.Cast(ops.Not(nan), x.DType()), axes, keep)
	far := ops.Where(nan, zero, ops.Sub(ops.Where(nan, zero, x), nanMean(x, axes, true)))
	return ops.Div(ops.Sum(ops.Square(far), axes, keep), n)
}
