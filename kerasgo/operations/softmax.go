package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Softmax]("nn")
	register[LogSoftmax]("nn")
	register[Sparsemax]("nn")
}

// Softmax computes exp(x) divided by its sum along axes.
type Softmax struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis,default=-1"` // axes of which the results add up to 1
}

func (o Softmax) Call(c *Call) []Value { return c.softmax(o.Axis, false) }

// LogSoftmax computes the logarithm of softmax along axes.
type LogSoftmax struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis,default=-1"` // axes of which the probabilities add up to 1
}

func (o LogSoftmax) Call(c *Call) []Value { return c.softmax(o.Axis, true) }

// softmax over several axes is that over one axis which they form.
func (c *Call) softmax(axis spec.Ints, log bool) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	axes := c.axes(axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	f := ops.Softmax
	if log {
		f = ops.LogSoftmax
	}
	if len(axes) == 1 {
		return one(f(x.Value, axes[0]), x.DType)
	}
	order := slices.DeleteFunc(c.axes(nil, rank), func(i int) bool { return slices.Contains(axes, i) })
	order = append(order, axes...)
	y := ops.Transpose(x.Value, order...)
	shape := slices.Clone(y.Shape())
	rest := slices.Clone([]int(shape[:rank-len(axes)]))
	y = ops.Reshape(f(ops.Reshape(y, append(rest, -1)...), len(rest)), shape...)
	back := make([]int, rank)
	for i, a := range order {
		back[a] = i
	}
	return one(ops.Transpose(y, back...), x.DType)
}

// Sparsemax projects an axis onto the numbers that are not negative and add up to 1;
// [activations.Sparsemax] gives the formula, and says where Keras differs.
type Sparsemax struct {
	ofX
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Sparsemax) Call(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	order := c.axes(nil, rank)
	order[a], order[rank-1] = rank-1, a
	return one(ops.Transpose(activations.Sparsemax(ops.Transpose(x.Value, order...)), order...), x.DType)
}
