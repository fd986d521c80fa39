package operations

import (
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Linspace]("numpy")
	register[Logspace]("numpy")
	register[Geomspace]("numpy")
}

// Linspace returns Num numbers from start to stop at equal distances.
type Linspace struct {
	ofRange
	Name     string `keras:"name"`
	Num      *int   `keras:"num,default=50,min=1"`  // how many
	Endpoint *bool  `keras:"endpoint,default=true"` // stop is the last of them
	Retstep  bool   `keras:"retstep,default=false"` // must be false: the distance is no tensor of a model
	DType    string `keras:"dtype"`                 // element type of the result; None is a floating-point type
	Axis     *int   `keras:"axis,default=0"`        // place of the numbers in the result
}

func (o Linspace) Call(c *Call) []Value {
	if o.Retstep {
		return c.failed("retstep is not supported")
	}
	v, dtype := c.spaced(o.DType, *o.Num, *o.Endpoint, *o.Axis)
	return one(v, dtype)
}

// Logspace returns Num numbers, Base to the power of numbers from start to stop at equal
// distances.
type Logspace struct {
	ofRange
	Name     string   `keras:"name"`
	Num      *int     `keras:"num,default=50,min=1"`  // how many
	Endpoint *bool    `keras:"endpoint,default=true"` // stop is the last power
	Base     *float64 `keras:"base,default=10"`       // what is raised to the powers
	DType    string   `keras:"dtype"`                 // element type of the result; None is a floating-point type
	Axis     *int     `keras:"axis,default=0"`        // place of the numbers in the result
}

func (o Logspace) Call(c *Call) []Value {
	v, dtype := c.spaced(o.DType, *o.Num, *o.Endpoint, *o.Axis)
	if !isFloat(dtype) {
		return c.failed("dtype %s is not supported, only floating-point types are", dtype)
	}
	return one(ops.Pow(ops.Scalar(v, *o.Base), v), dtype)
}

// Geomspace returns Num numbers from start to stop with equal ratios. Both have one sign.
type Geomspace struct {
	ofRange
	Name     string `keras:"name"`
	Num      *int   `keras:"num,default=50,min=1"`  // how many
	Endpoint *bool  `keras:"endpoint,default=true"` // stop is the last of them
	DType    string `keras:"dtype"`                 // element type of the result; None is a floating-point type
	Axis     *int   `keras:"axis,default=0"`        // place of the numbers in the result
}

func (o Geomspace) Call(c *Call) []Value {
	start, stop := c.X(0), c.X(1)
	dtype := o.DType
	if dtype == "" {
		dtype = realType(promote(start, stop))
	}
	if !isFloat(dtype) {
		return c.failed("dtype %s is not supported, only floating-point types are", dtype)
	}
	a, b := start.to(dtype).Value, stop.to(dtype).Value
	log := logTo(math.Ln10)
	v := c.steps(log(ops.Abs(a)), log(ops.Abs(b)), *o.Num, *o.Endpoint, *o.Axis)
	if !c.ok() {
		return []Value{start}
	}
	sign := ops.ExpandDims(ops.BroadcastTo(ops.Sign(a), without(v.Shape(), []int{c.axis(*o.Axis, len(v.Shape()))})...), c.axis(*o.Axis, len(v.Shape())))
	return one(ops.Mul(ops.Pow(ops.Scalar(v, 10), v), sign), dtype)
}

type ofRange struct{}

func (ofRange) Arguments() []string { return []string{"start", "stop"} }

// spaced computes Linspace; whole numbers are rounded down.
func (c *Call) spaced(dtype string, n int, endpoint bool, axis int) (graph.Value, string) {
	start, stop := c.X(0), c.X(1)
	if dtype == "" {
		dtype = realType(promote(start, stop))
	}
	a, b := start.to(dtype), stop.to(dtype)
	if isFloat(dtype) {
		return c.steps(a.Value, b.Value, n, endpoint, axis), dtype
	}
	return ops.Floor(c.steps(a.to("float64").Value, b.to("float64").Value, n, endpoint, axis)), dtype
}

// steps returns n values from a to b along a new axis.
func (c *Call) steps(a, b graph.Value, n int, endpoint bool, axis int) graph.Value {
	distance := ops.Sub(b, a)
	rank := len(distance.Shape()) + 1
	axis = c.axis(axis, rank)
	if !c.ok() || !c.within("num", n, maxPlaces) {
		return a
	}
	last := n
	if endpoint {
		last = max(n-1, 1)
	}
	shares := tensor.New(a.DType(), n)
	for i := range n {
		shares.SetFloat64At(i, float64(i)/float64(last))
	}
	shape := slices.Repeat([]int{1}, rank)
	shape[axis] = n
	weights := ops.Reshape(ops.Const(c.graph, shares), shape...)
	from := ops.ExpandDims(ops.BroadcastTo(a, distance.Shape()...), axis)
	return ops.Add(from, ops.Mul(ops.ExpandDims(distance, axis), weights))
}
