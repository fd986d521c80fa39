package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Sort]("numpy")
	register[Argsort]("numpy")
	register[TopK]("math")
}

// Sort puts the elements along an axis into ascending order.
type Sort struct {
	ofX
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Sort) Call(c *Call) []Value { return o.sort(c) }

// Argsort returns the int32 places of the elements along an axis in ascending order.
type Argsort struct {
	ofX
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Argsort) Call(c *Call) []Value { return o.argsort(c) }

// TopK returns the K largest elements of the last axis, largest first, and their int32 places.
type TopK struct {
	ofX
	Name   string `keras:"name"`
	K      int    `keras:"k,required,min=1"`    // how many
	Sorted *bool  `keras:"sorted,default=true"` // the order is always this one
}

func (o TopK) Call(c *Call) []Value { return o.top(c) }

func (o Sort) sort(c *Call) []Value {
	x := c.X(0)
	return one(ops.Sort(x.Value, c.axis(*o.Axis, len(x.Shape()))), x.DType)
}

func (o Argsort) argsort(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	v := x.Value
	order := c.axes(nil, rank)
	order[a], order[rank-1] = rank-1, a
	v = ops.Transpose(v, order...)
	_, ids := ops.TopK(ops.Neg(v), v.Shape()[rank-1])
	return one(ops.Transpose(ids, order...), "int32")
}

func (o TopK) top(c *Call) []Value {
	x := c.X(0)
	values, ids := ops.TopK(x.Value, o.K)
	return []Value{make1(values, x.DType), make1(ids, "int32")}
}
