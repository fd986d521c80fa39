package operations

import (
	"fmt"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
	"math"
	"slices"
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
	register[All]("numpy")
	register[Any]("numpy")
	register[CountNonzero]("numpy")
	register[Logsumexp]("math")
	register[Norm]("linalg")
	register[Average]("numpy")
	register[Argmax]("numpy")
	register[Argmin]("numpy")
	register[Cumsum]("numpy")
	register[Cumprod]("numpy")
	register[Nansum]("numpy")
	register[Nanprod]("numpy")
	register[Nanmax]("numpy")
	register[Nanmin]("numpy")
	register[Nanmean]("numpy")
	register[Nanvar]("numpy")
	register[Nanstd]("numpy")
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

// All is true where all elements along axes are.
type All struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o All) Call(c *Call) []Value { return c.quantify(o.Axis, o.Keepdims, ops.Min) }

// Any is true where at least one element along axes is.
type Any struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Any) Call(c *Call) []Value { return c.quantify(o.Axis, o.Keepdims, ops.Max) }

// CountNonzero counts the elements along axes that are not 0, as int32.
type CountNonzero struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes that are taken together; None is all
}

func (o CountNonzero) Call(c *Call) []Value {
	x := c.X(0)
	return one(ops.Sum(ops.Cast(x.to("bool").Value, tensor.Int32), c.axes(o.Axis, len(x.Shape())), false), "int32")
}

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

// Norm computes a norm along one axis (of vectors), two axes (of matrices) or of all elements: by default the root of the sum of squares.
type Norm struct {
	ofX
	Name     string    `keras:"name"`
	Ord      any       `keras:"ord"`                    // order: a number, "fro", "inf" or "-inf"; None is 2 for vectors, "fro" for matrices
	Axis     spec.Ints `keras:"axis"`                   // axes of the vector or the matrix; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Norm) Call(c *Call) []Value { return o.norm(c) }

// Average computes the mean along axes, weighted if there are weights: of the shape of x, or of the axis.
type Average struct {
	ofWeighted
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes that are taken together; None is all
}

func (o Average) Call(c *Call) []Value { return o.average(c) }

// Argmax returns the int32 place of the largest element along an axis, the first one of equals.
type Argmax struct {
	ofX
	Name     string `keras:"name"`
	Axis     *int   `keras:"axis"`                   // axis; None takes the elements as one list
	Keepdims bool   `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Argmax) Call(c *Call) []Value { return c.place(o.Axis, o.Keepdims, identity) }

// Argmin returns the int32 place of the smallest element along an axis, the first one of equals.
type Argmin struct {
	ofX
	Name     string `keras:"name"`
	Axis     *int   `keras:"axis"`                   // axis; None takes the elements as one list
	Keepdims bool   `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Argmin) Call(c *Call) []Value { return c.place(o.Axis, o.Keepdims, ops.Neg) }

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

type reducer = func(x graph.Value, axes []int, keepDims bool) graph.Value

type ofWeighted struct{}

func (ofWeighted) Arguments() []string { return []string{"x", "weights"} }
func (ofWeighted) Keywords() []string  { return []string{"weights"} }

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

func (c *Call) quantify(axis spec.Ints, keep bool, f reducer) []Value {
	x := c.X(0).to("bool")
	return one(f(x.Value, c.axes(axis, len(x.Shape())), keep), "bool")
}

// place finds the largest element after f.
func (c *Call) place(axis *int, keep bool, f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	v, rank := f(x.Value), len(x.Shape())
	if axis == nil {
		y := ops.ArgMax(ops.Reshape(v, -1), 0)
		if keep {
			y = ops.Reshape(y, slices.Repeat([]int{1}, rank)...)
		}
		return one(y, "int32")
	}
	a := c.axis(*axis, rank)
	y := ops.ArgMax(v, a)
	if keep {
		y = ops.ExpandDims(y, a)
	}
	return one(y, "int32")
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
	return one(f(v, a), dtype)
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

// triangle is a matrix of 1 on and below (or above) the k-th diagonal, else 0.
func triangle(rows, cols, k int, lower bool) *tensor.Tensor {
	t := tensor.New(tensor.Float32, rows, cols)
	d := t.Float32s()
	for i := range rows {
		for j := range cols {
			if lower && j <= i+k || !lower && j >= i+k {
				d[i*cols+j] = 1
			}
		}
	}
	return t
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

// norm follows numpy.linalg.norm, without the orders of matrices that want
// singular values.
func (o Norm) norm(c *Call) []Value {
	x := c.X(0)
	dtype, rank := realType(x.DType), len(x.Shape())
	v, axes := x.to(dtype).Value, c.axes(o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	abs := ops.Abs(v)
	euclid := func() []Value { return one(ops.Sqrt(ops.Sum(ops.Square(v), axes, o.Keepdims)), dtype) }
	ord := fmt.Sprint(o.Ord)
	switch {
	case o.Ord == nil || ord == "fro" && len(axes) == 2 || ord == "2" && len(axes) == 1:
		return euclid()
	case len(axes) == 1:
		return one(o.vector(c, ord, v, abs, axes), dtype)
	case len(axes) == 2 && (ord == "1" || ord == "-1" || ord == "inf" || ord == "-inf"):
		along, over := axes[0], axes[1]
		if ord == "inf" || ord == "-inf" {
			along, over = over, along
		}
		f := ops.Max
		if ord == "-1" || ord == "-inf" {
			f = ops.Min
		}
		y := f(ops.Sum(abs, []int{along}, true), []int{over}, true)
		if !o.Keepdims {
			y = ops.Reshape(y, without(y.Shape(), axes)...)
		}
		return one(y, dtype)
	}
	return c.failed("ord %v of %d axes is not supported", o.Ord, len(axes))
}

func (o Norm) vector(c *Call, ord string, v, abs graph.Value, axes []int) graph.Value {
	switch ord {
	case "inf":
		return ops.Max(abs, axes, o.Keepdims)
	case "-inf":
		return ops.Min(abs, axes, o.Keepdims)
	case "0":
		return ops.Cast(ops.Sum(ops.NotEqual(v, ops.Scalar(v, 0)), axes, o.Keepdims), v.DType())
	case "1":
		return ops.Sum(abs, axes, o.Keepdims)
	}
	var p float64
	if _, err := fmt.Sscan(ord, &p); err != nil {
		c.fail("there is no ord %v of vectors", o.Ord)
		return v
	}
	return ops.PowScalar(ops.Sum(ops.PowScalar(abs, p), axes, o.Keepdims), 1/p)
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
