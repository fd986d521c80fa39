package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Sort]("numpy")
	register[Argsort]("numpy")
	register[TopK]("math")
	register[Argpartition]("numpy")
	register[InTopK]("math")
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

// Argpartition returns int32 places along an axis such that the element of place Kth is
// where it would be after sorting, smaller ones before it, and larger ones after it.
type Argpartition struct {
	ofX
	Name string `keras:"name"`
	Kth  *int   `keras:"kth,required"`    // a place in the order
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

// Call sorts, which is a partition at every place.
func (o Argpartition) Call(c *Call) []Value {
	if n := c.X(0).Shape(); c.ok() && len(n) > 0 {
		c.axis(*o.Kth, n[c.axis(*o.Axis, len(n))])
	}
	return Argsort{Axis: o.Axis}.argsort(c)
}

// InTopK is true where the target, the number of an element of a row of predictions
// (N, C), is among the row's K largest, ties included.
type InTopK struct {
	Name string `keras:"name"`
	K    int    `keras:"k,required,min=1"` // how many
}

// Arguments are the targets and the predictions.
func (InTopK) Arguments() []string { return []string{"targets", "predictions"} }

func (o InTopK) Call(c *Call) []Value {
	ids, x := c.X(0), c.X(1)
	s := x.Shape()
	if !c.ok() || len(s) != 2 || len(ids.Shape()) != 1 || ids.Shape()[0] != s[0] {
		return c.failed("targets (N) and predictions (N, C) are wanted, not shapes %v and %v", ids.Shape(), s)
	}
	at := ops.Cast(ids.Value, tensor.Int32)
	inside := ops.And(ops.GreaterEqual(at, ops.Scalar(at, 0)), ops.Less(at, ops.Scalar(at, float64(s[1]))))
	own := ops.TakeAlong(x.Value, ops.ExpandDims(ops.Clip(at, 0, float64(s[1]-1)), 1), 1)
	larger := ops.Sum(ops.Cast(ops.Greater(x.Value, own), tensor.Int32), []int{1}, false)
	finite := isfinite(ops.Squeeze(own, 1))
	return one(ops.And(ops.And(inside, finite), ops.Less(larger, ops.Scalar(larger, float64(o.K)))), "bool")
}
