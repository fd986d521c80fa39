package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Repeat]("numpy")
	register[Tile]("numpy")
	register[Meshgrid]("numpy")
}

// Repeat repeats each element along an axis.
type Repeat struct {
	ofX
	Name    string    `keras:"name"`
	Repeats spec.Ints `keras:"repeats,required"` // how often: one number, or one for each place
	Axis    *int      `keras:"axis"`             // axis; None takes the elements as one list
}

func (o Repeat) Call(c *Call) []Value { return o.repeat(c) }

// Tile puts copies of x side by side.
type Tile struct {
	ofX
	Name    string    `keras:"name"`
	Repeats spec.Ints `keras:"repeats,required"` // number of copies along each axis, the last ones if there are fewer
}

func (o Tile) Call(c *Call) []Value { return o.tile(c) }

// Meshgrid makes of lists of coordinates the arrays of their grid, one for each list.
type Meshgrid struct {
	ofAll
	Name     string `keras:"name"`
	Indexing string `keras:"indexing,default=xy,enum=xy|ij"` // xy swaps the first two axes of the grid
}

func (o Meshgrid) Call(c *Call) []Value { return o.grid(c) }

type ofAll struct{}

func (ofAll) Arguments() []string { return []string{"x*"} }

func (o Repeat) repeat(c *Call) []Value {
	x := c.X(0)
	v, a := x.Value, 0
	if o.Axis == nil {
		v = ops.Reshape(v, -1)
	} else {
		a = c.axis(*o.Axis, len(v.Shape()))
	}
	if !c.ok() {
		return []Value{x}
	}
	n := v.Shape()[a]
	var places []int32
	for i := range n {
		if len(o.Repeats) != 1 && len(o.Repeats) != n {
			return c.failed("%d numbers of repetitions for %d places", len(o.Repeats), n)
		}
		times := o.Repeats[i%len(o.Repeats)]
		if !c.within("repetitions", times, maxPlaces-len(places)) {
			return []Value{x}
		}
		for range times {
			places = append(places, int32(i))
		}
	}
	return one(take(v, places, a), x.DType)
}

func (o Tile) tile(c *Call) []Value {
	x := c.X(0)
	v, times := x.Value, slices.Clone([]int(o.Repeats))
	for len(times) < len(v.Shape()) {
		times = slices.Insert(times, 0, 1)
	}
	shape := slices.Clone([]int(v.Shape()))
	for len(shape) < len(times) {
		shape = slices.Insert(shape, 0, 1)
	}
	v = ops.Reshape(v, shape...)
	for a, n := range times {
		if n < 1 || !c.within("number of copies", n, maxParts) {
			return c.failed("%d copies", n)
		}
		if n > 1 {
			v = ops.Concat(a, slices.Repeat([]graph.Value{v}, n)...)
		}
	}
	return one(v, x.DType)
}

func (o Meshgrid) grid(c *Call) []Value {
	n := c.Len()
	lengths := make([]int, n)
	for i := range n {
		lengths[i] = c.X(i).Shape().Size()
	}
	var out []Value
	for i := range n {
		x := c.X(i)
		shape := slices.Repeat([]int{1}, n)
		shape[i] = lengths[i]
		v := ops.BroadcastTo(ops.Reshape(x.Value, shape...), lengths...)
		if o.Indexing == "xy" && n > 1 {
			order := c.axes(nil, n)
			order[0], order[1] = 1, 0
			v = ops.Transpose(v, order...)
		}
		out = append(out, make1(v, x.DType))
	}
	return out
}
