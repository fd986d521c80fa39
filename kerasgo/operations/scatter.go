package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Scatter]("core")
	register[ScatterUpdate]("core")
	register[SliceUpdate]("core")
}

// Scatter makes a tensor of zeros and adds values at places. The last axis of indices
// (…, k) holds a place along each of the first k axes of Shape; values have the shape
// of the places, then that of what is left of Shape.
type Scatter struct {
	Name  string `keras:"name"`
	Shape []int  `keras:"shape,required"` // shape of the result
}

// Arguments are the places and what is added there.
func (Scatter) Arguments() []string { return []string{"indices", "values"} }

func (o Scatter) Call(c *Call) []Value {
	values := c.X(1)
	if !c.sized(o.Shape...) {
		return []Value{values}
	}
	places, rows := c.rowsOf(c.X(0), o.Shape)
	if !c.ok() {
		return []Value{values}
	}
	return one(ops.Reshape(ops.ScatterAdd(values.Value, places, rows), o.Shape...), values.DType)
}

// ScatterUpdate changes elements of its first argument at places: the last axis of
// indices (…, k) holds a place along each of the first k axes. Of several values for one
// place the last wins, or they are joined by Reduction.
type ScatterUpdate struct {
	Name      string `keras:"name"`
	Reduction string `keras:"reduction,enum=add|max|min|mul"` // how values and elements are joined; None replaces
}

// Arguments are the tensor, the places and the values.
func (ScatterUpdate) Arguments() []string { return []string{"inputs", "indices", "updates"} }

func (o ScatterUpdate) Call(c *Call) []Value {
	x := c.X(0)
	places, rows := c.rowsOf(c.X(1), x.Shape())
	if !c.ok() {
		return []Value{x}
	}
	updates := c.X(2).to(x.DType).Value
	shape := append([]int{rows}, x.Shape()[c.X(1).Shape().Last():]...)
	v := ops.Reshape(x.Value, shape...)
	switch o.Reduction {
	case "add":
		v = ops.Add(v, ops.ScatterAdd(updates, places, rows))
	case "max":
		v = ops.Maximum(v, ops.ScatterReduce(updates, places, rows, ops.ScatterMax))
	case "min":
		v = ops.Minimum(v, ops.ScatterReduce(updates, places, rows, ops.ScatterMin))
	case "mul":
		v = ops.Mul(v, ops.ScatterReduce(updates, places, rows, ops.ScatterProd))
	default:
		v = replaceRows(v, places, updates)
	}
	return one(ops.Reshape(v, x.Shape()...), x.DType)
}

// replaceRows puts updates in the place of rows of v: each row finds the last update
// that names it.
func replaceRows(v, places, updates graph.Value) graph.Value {
	n := places.Shape().Size()
	numbers := tensor.New(tensor.Int32, places.Shape()...)
	for i := range n {
		numbers.Int32s()[i] = int32(i)
	}
	rows := v.Shape()[0]
	last := ops.ScatterReduce(ops.Const(v.Graph(), numbers), places, rows, ops.ScatterMax)
	list := append([]int{n}, v.Shape()[1:]...)
	chosen := ops.Gather(ops.Reshape(updates, list...), ops.MaximumScalar(last, 0))
	shape := make([]int, len(v.Shape()))
	for i := range shape {
		shape[i] = 1
	}
	shape[0] = rows
	named := ops.Reshape(ops.GreaterEqual(last, ops.Scalar(last, 0)), shape...)
	return ops.Where(ops.BroadcastTo(named, v.Shape()...), chosen, v)
}

// rowsOf turns places (…, k) along the first k axes of a shape into numbers of rows of
// the tensor in which these axes are one, and returns how many rows there are.
func (c *Call) rowsOf(indices Value, shape []int) (places graph.Value, rows int) {
	s := indices.Shape()
	if !c.ok() || len(s) == 0 || s.Last() > len(shape) || s.Last() < 1 {
		c.fail("indices %v do not fit a tensor of shape %v", s, tensor.Shape(shape))
		return indices.Value, 0
	}
	axis, k := len(s)-1, s.Last()
	v := ops.Cast(indices.Value, tensor.Int32)
	rows = 1
	for i := k - 1; i >= 0; i-- {
		part := ops.MulScalar(ops.Squeeze(cut(v, axis, i, 1), axis), float64(rows))
		if rows *= shape[i]; i == k-1 {
			places = part
		} else {
			places = ops.Add(places, part)
		}
	}
	return places, rows
}

// SliceUpdate replaces a block of its first argument, from given places on; the block is
// moved so that it lies inside.
type SliceUpdate struct {
	Name string `keras:"name"`
}

// Arguments are the tensor, the first place of each axis, and the block.
func (SliceUpdate) Arguments() []string { return []string{"inputs", "start_indices", "updates"} }

func (SliceUpdate) Call(c *Call) []Value {
	x, starts := c.X(0), c.intsOf(1)
	block := c.X(2).to(x.DType).Value
	s := x.Shape()
	if !c.ok() || len(starts) != len(s) || len(block.Shape()) != len(s) {
		return c.failed("%d places and a block of shape %v for a tensor of rank %d", len(starts), block.Shape(), len(s))
	}
	pads := make([][2]int, len(s))
	for i, n := range block.Shape() {
		if n > s[i] {
			return c.failed("a block of shape %v is larger than %v", block.Shape(), s)
		}
		at := min(max(starts[i], 0), s[i]-n)
		pads[i] = [2]int{at, s[i] - n - at}
	}
	inside := ops.Pad(constant(block, 1), pads, 0)
	return one(ops.Where(ops.NotEqual(inside, ops.Scalar(inside, 0)), ops.Pad(block, pads, 0), x.Value), x.DType)
}
