package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Transpose]("numpy")
	register[Swapaxes]("numpy")
	register[Moveaxis]("numpy")
	register[Flip]("numpy")
	register[Fliplr]("numpy")
	register[Flipud]("numpy")
	register[Roll]("numpy")
	register[Rot90]("numpy")
}

// Transpose puts the axes into another order, by default the reverse one.
type Transpose struct {
	ofX
	Name string `keras:"name"`
	Axes []int  `keras:"axes"` // which axis of x each axis of the result is; None reverses them
}

func (o Transpose) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return transpose(x, o.Axes) })
}

// Swapaxes swaps two axes.
type Swapaxes struct {
	ofX
	Name  string `keras:"name"`
	Axis1 *int   `keras:"axis1,required"` // one axis
	Axis2 *int   `keras:"axis2,required"` // the other
}

func (o Swapaxes) Call(c *Call) []Value { return o.swap(c) }

// Moveaxis moves axes to other places; the others keep their order.
type Moveaxis struct {
	ofX
	Name        string    `keras:"name"`
	Source      spec.Ints `keras:"source,required"`      // axes that move
	Destination spec.Ints `keras:"destination,required"` // where they go
}

func (o Moveaxis) Call(c *Call) []Value { return o.move(c) }

// Flip reverses the order along axes.
type Flip struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes; None is all
}

func (o Flip) Call(c *Call) []Value {
	x := c.X(0)
	return one(ops.Flip(x.Value, c.axes(o.Axis, len(x.Shape()))...), x.DType)
}

// Fliplr reverses the order along axis 1.
type Fliplr struct {
	ofX
	Name string `keras:"name"`
}

func (Fliplr) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.Flip(x, 1) })
}

// Flipud reverses the order along axis 0.
type Flipud struct {
	ofX
	Name string `keras:"name"`
}

func (Flipud) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.Flip(x, 0) })
}

// Roll shifts the elements along axes; what leaves at the end comes in at the front.
type Roll struct {
	ofX
	Name  string    `keras:"name"`
	Shift spec.Ints `keras:"shift,required"` // places to shift by, for each axis
	Axis  spec.Ints `keras:"axis"`           // axes; None shifts the elements as one list
}

func (o Roll) Call(c *Call) []Value { return o.roll(c) }

// Rot90 turns matrices by right angles, from the first axis to the second.
type Rot90 struct {
	ofArray
	Name string `keras:"name"`
	K    *int   `keras:"k,default=1"`      // number of right angles
	Axes [2]int `keras:"axes,default=0|1"` // plane of the rotation
}

func (o Rot90) Call(c *Call) []Value { return o.turn(c) }

type ofArray struct{}

func (ofArray) Arguments() []string { return []string{"array"} }

func (o Swapaxes) swap(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	order := c.axes(nil, rank)
	a, b := c.axis(*o.Axis1, rank), c.axis(*o.Axis2, rank)
	if !c.ok() {
		return []Value{x}
	}
	order[a], order[b] = order[b], order[a]
	return one(ops.Transpose(x.Value, order...), x.DType)
}

func (o Moveaxis) move(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	if len(o.Source) != len(o.Destination) {
		return c.failed("%d axes to %d places", len(o.Source), len(o.Destination))
	}
	from, to := c.axes(o.Source, rank), c.axes(o.Destination, rank)
	order := make([]int, rank)
	rest := slices.DeleteFunc(c.axes(nil, rank), func(a int) bool { return slices.Contains(from, a) })
	for i := range order {
		if k := slices.Index(to, i); k >= 0 {
			order[i] = from[k]
		} else if len(rest) > 0 {
			order[i], rest = rest[0], rest[1:]
		}
	}
	return one(ops.Transpose(x.Value, order...), x.DType)
}

func (o Roll) roll(c *Call) []Value {
	x := c.X(0)
	v, shape := x.Value, slices.Clone(x.Shape())
	axes := []int(o.Axis)
	if len(axes) == 0 {
		v, axes = ops.Reshape(v, -1), []int{0}
	}
	for i, a := range axes {
		a = c.axis(a, len(v.Shape()))
		if !c.ok() {
			return []Value{x}
		}
		n := v.Shape()[a]
		shift := o.Shift[min(i, len(o.Shift)-1)]
		if n == 0 {
			continue
		}
		if shift = ((shift % n) + n) % n; shift > 0 {
			v = ops.Concat(a, cut(v, a, n-shift, shift), cut(v, a, 0, n-shift))
		}
	}
	return one(ops.Reshape(v, shape...), x.DType)
}

func (o Rot90) turn(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a, b := c.axis(o.Axes[0], rank), c.axis(o.Axes[1], rank)
	if !c.ok() || a == b {
		return c.failed("axes %v of a tensor of rank %d", o.Axes, rank)
	}
	v := x.Value
	for range (*o.K%4 + 4) % 4 { // one turn: transpose, then flip the first axis
		order := c.axes(nil, rank)
		order[a], order[b] = b, a
		v = ops.Flip(ops.Transpose(v, order...), a)
	}
	return one(v, x.DType)
}

func transpose(x graph.Value, axes []int) graph.Value {
	rank := len(x.Shape())
	order := slices.Clone(axes)
	if len(order) == 0 {
		for i := range rank {
			order = append(order, rank-1-i)
		}
	}
	for i, a := range order {
		if a < 0 {
			order[i] = a + rank
		}
	}
	return ops.Transpose(x, order...)
}
