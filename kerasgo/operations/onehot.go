package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[OneHot]("nn")
	register[MultiHot]("nn")
}

// OneHot yields, for each whole number, a row that is 1 at its place and 0 elsewhere; numbers outside get a row of zeros.
type OneHot struct {
	ofX
	Name       string `keras:"name"`
	NumClasses int    `keras:"num_classes,required,min=1"` // length of the rows
	Axis       *int   `keras:"axis,default=-1"`            // place of the rows in the result
	DType      string `keras:"dtype"`                      // element type of the result; None is float32
	Sparse     bool   `keras:"sparse,default=false"`       // must be false
}

func (o OneHot) Call(c *Call) []Value { return o.hot(c) }

// MultiHot yields, for each list of whole numbers, a row that is 1 at their places and 0 elsewhere.
type MultiHot struct {
	ofInputs
	Name       string `keras:"name"`
	NumClasses int    `keras:"num_classes,required,min=1"` // length of the rows
	Axis       *int   `keras:"axis,default=-1"`            // place of the rows in the result
	DType      string `keras:"dtype"`                      // element type of the result; None is float32
	Sparse     bool   `keras:"sparse,default=false"`       // must be false
}

func (o MultiHot) Call(c *Call) []Value { return o.hot(c) }

func (o OneHot) hot(c *Call) []Value {
	if o.Sparse {
		return c.failed("sparse is not supported")
	}
	dtype := o.DType
	if dtype == "" {
		dtype = "float32"
	}
	return one(c.oneHot(c.X(0), o.NumClasses, *o.Axis, dtype), dtype)
}

func (o MultiHot) hot(c *Call) []Value {
	x := c.X(0)
	if o.Sparse {
		return c.failed("sparse is not supported")
	}
	dtype := o.DType
	if dtype == "" {
		dtype = "float32"
	}
	y := c.oneHot(x, o.NumClasses, *o.Axis, dtype)
	along := 0 // the axis of the list: the last one of x, but the only one of a vector
	if len(x.Shape()) > 1 {
		along = 1
	}
	return one(ops.Max(y, []int{along}, false), dtype)
}

// oneHot puts rows of length n at an axis of the result.
func (c *Call) oneHot(x Value, n, axis int, dtype string) graph.Value {
	y := ops.OneHot(ops.Cast(x.Value, tensor.Int32), n, engineType(dtype))
	rank := len(y.Shape())
	axis = c.axis(axis, rank)
	if axis == rank-1 || !c.ok() {
		return y
	}
	order := c.axes(nil, rank-1)
	return ops.Transpose(y, slices.Insert(order, axis, rank-1)...)
}
