package operations

import (
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Argmax]("numpy")
	register[Argmin]("numpy")
	register[Nanargmax]("numpy")
	register[Nanargmin]("numpy")
}

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

// Nanargmax is Argmax of the elements that are not NaN; -1 where there is none.
type Nanargmax struct {
	ofX
	Name     string `keras:"name"`
	Axis     *int   `keras:"axis"`                   // axis; None takes the elements as one list
	Keepdims bool   `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanargmax) Call(c *Call) []Value { return c.nanPlace(o.Axis, o.Keepdims, identity) }

// Nanargmin is Argmin of the elements that are not NaN; -1 where there is none.
type Nanargmin struct {
	ofX
	Name     string `keras:"name"`
	Axis     *int   `keras:"axis"`                   // axis; None takes the elements as one list
	Keepdims bool   `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanargmin) Call(c *Call) []Value { return c.nanPlace(o.Axis, o.Keepdims, ops.Neg) }

func (c *Call) nanPlace(axis *int, keep bool, f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	if !isFloat(x.DType) {
		return c.place(axis, keep, f)
	}
	none := isnan(x.Value)
	at := c.place(axis, keep, func(x graph.Value) graph.Value {
		return ops.Where(none, constant(x, math.Inf(-1)), f(x))
	})[0].Value
	var axes []int
	if axis != nil {
		axes = []int{c.axis(*axis, len(x.Shape()))}
	}
	return one(ops.Where(ops.Min(none, axes, keep), ops.Scalar(at, -1), at), "int32")
}
