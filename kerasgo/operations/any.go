package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[All]("numpy")
	register[Any]("numpy")
	register[CountNonzero]("numpy")
}

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

func (c *Call) quantify(axis spec.Ints, keep bool, f reducer) []Value {
	x := c.X(0).to("bool")
	return one(f(x.Value, c.axes(axis, len(x.Shape())), keep), "bool")
}
