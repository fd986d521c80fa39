package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Reshape]("numpy")
	register[Ravel]("numpy")
	register[ExpandDims]("numpy")
	register[Squeeze]("numpy")
	register[BroadcastTo]("numpy")
}

// Reshape gives the elements another shape; one length may be -1, which follows from the others.
type Reshape struct {
	ofX
	Name     string `keras:"name"`
	NewShape []int  `keras:"newshape,required"` // the shape, the batch axis included
}

func (o Reshape) Call(c *Call) []Value { return o.reshape(c) }

// Ravel puts all elements into one axis.
type Ravel struct {
	ofX
	Name string `keras:"name"`
}

func (Ravel) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.Reshape(x, -1) })
}

// ExpandDims inserts axes of length 1.
type ExpandDims struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis,required"` // places of the new axes in the result
}

func (o ExpandDims) Call(c *Call) []Value { return o.expand(c) }

// Squeeze removes axes of length 1.
type Squeeze struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes to remove; None is all of length 1
}

func (o Squeeze) Call(c *Call) []Value { return o.squeeze(c) }

// BroadcastTo repeats x to fill a shape.
type BroadcastTo struct {
	ofX
	Name  string `keras:"name"`
	Shape []int  `keras:"shape,required"` // shape of the result
}

func (o BroadcastTo) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.BroadcastTo(x, o.Shape...) })
}

func (o Reshape) reshape(c *Call) []Value {
	x := c.X(0)
	return one(ops.Reshape(x.Value, o.NewShape...), x.DType)
}

func (o ExpandDims) expand(c *Call) []Value {
	x := c.X(0)
	shape := slices.Clone([]int(x.Shape()))
	rank := len(shape) + len(o.Axis)
	places := c.axes(o.Axis, rank)
	slices.Sort(places)
	for _, a := range places {
		if a > len(shape) {
			return c.failed("no axis %d in a result of rank %d", a, rank)
		}
		shape = slices.Insert(shape, a, 1)
	}
	return one(ops.Reshape(x.Value, shape...), x.DType)
}

func (o Squeeze) squeeze(c *Call) []Value {
	x := c.X(0)
	shape := x.Shape()
	var gone []int
	if o.Axis == nil {
		for i, n := range shape {
			if n == 1 {
				gone = append(gone, i)
			}
		}
	} else {
		gone = c.axes(o.Axis, len(shape))
	}
	for _, a := range gone {
		if c.ok() && shape[a] != 1 {
			return c.failed("axis %d has length %d, not 1", a, shape[a])
		}
	}
	return one(ops.Reshape(x.Value, without(shape, gone)...), x.DType)
}
