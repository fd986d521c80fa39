package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[GetItem]("numpy")
	register[Take]("numpy")
	register[TakeAlongAxis]("numpy")
	register[Slice]("core")
	register[UnravelIndex]("numpy")
}

// GetItem takes a part of a tensor: Python's x[key]. The key is an index or a list
// of them, one for each axis: a whole number takes one place and removes the axis, a
// Range takes a range, Ellipsis stands for all axes that are left, and nil inserts
// an axis of length 1.
type GetItem struct {
	Name string `keras:"name"`
}

// Arguments are the tensor and the key.
func (GetItem) Arguments() []string { return []string{"x", "key"} }

func (GetItem) Call(c *Call) []Value {
	x := c.X(0)
	key, ok := c.Arg(1).([]any)
	if !ok {
		key = []any{c.Arg(1)}
	}
	used := 0
	for _, k := range key {
		if k != nil && k != (Ellipsis{}) {
			used++
		}
	}
	shape := x.Shape()
	if used > len(shape) {
		return c.failed("%d indices for a tensor of rank %d", used, len(shape))
	}
	starts, sizes, steps := make([]int, len(shape)), slices.Clone([]int(shape)), slices.Repeat([]int{1}, len(shape))
	var flip, result []int
	axis, sawEllipsis := 0, false
	keepRest := func(n int) {
		result = append(result, shape[axis:axis+n]...)
		axis += n
	}
	for _, k := range key {
		switch k := k.(type) {
		case nil:
			result = append(result, 1)
		case Ellipsis:
			if sawEllipsis {
				return c.failed("more than one ellipsis")
			}
			sawEllipsis = true
			keepRest(len(shape) - used)
		case int:
			n := shape[axis]
			at := k
			if at < 0 {
				at += n
			}
			if at < 0 || at >= n {
				return c.failed("index %d is outside axis %d of length %d", k, axis, n)
			}
			starts[axis], sizes[axis] = at, 1
			axis++
		case Range:
			start, size, step, reverse, ok := k.span(shape[axis])
			if !ok {
				return c.failed("a slice with step 0")
			}
			if reverse {
				flip = append(flip, axis)
			}
			starts[axis], sizes[axis], steps[axis] = start, size, step
			result = append(result, size)
			axis++
		default:
			return c.failed("an index must be a whole number, a slice, an ellipsis or None, not %s", describe(k))
		}
	}
	keepRest(len(shape) - axis)
	v := ops.SliceStep(x.Value, starts, sizes, steps)
	if len(flip) > 0 {
		v = ops.Flip(v, flip...)
	}
	return one(ops.Reshape(v, result...), x.DType)
}

// span returns the places of an axis of n that a slice takes: size places from
// start on, step apart, in reverse order if the slice goes backwards.
func (s Range) span(n int) (start, size, step int, reverse, ok bool) {
	step = 1
	if s.Step != nil {
		step = *s.Step
	}
	if step == 0 {
		return 0, 0, 1, false, false
	}
	at := func(p *int, otherwise, low, high int) int {
		if p == nil {
			return otherwise
		}
		i := *p
		if i < 0 {
			i += n
		}
		return min(max(i, low), high)
	}
	if step > 0 {
		from, to := at(s.Start, 0, 0, n), at(s.Stop, n, 0, n)
		size = max(0, (to-from+step-1)/step)
		return min(from, max(n-1, 0)), size, step, false, true
	}
	from, to := at(s.Start, n-1, -1, n-1), at(s.Stop, -1, -1, n-1)
	size = max(0, (from-to-step-1)/-step)
	if size == 0 {
		return 0, 0, 1, false, true
	}
	return from + (size-1)*step, size, -step, true, true
}

// Take picks places along an axis; negative places count from the end.
type Take struct {
	Name string `keras:"name"`
	Axis *int   `keras:"axis"` // axis; None takes the elements as one list
}

// Arguments are the tensor and the places.
func (Take) Arguments() []string { return []string{"x", "indices"} }

func (o Take) Call(c *Call) []Value {
	x, ids := c.X(0), c.X(1)
	v, a := x.Value, 0
	if o.Axis == nil {
		v = ops.Reshape(v, -1)
	} else {
		a = c.axis(*o.Axis, len(v.Shape()))
	}
	if !c.ok() {
		return []Value{x}
	}
	return one(gather(v, c.places(ids, v.Shape()[a]), a), x.DType)
}

// places returns int32 places of an axis of n: negative ones count from the end, and
// those outside are moved to the nearest.
func (c *Call) places(ids Value, n int) graph.Value {
	v := ops.Cast(ids.Value, tensor.Int32)
	v = ops.Where(ops.Less(v, ops.Scalar(v, 0)), ops.AddScalar(v, float64(n)), v)
	return ops.Clip(v, 0, float64(n-1))
}

// gather takes places along an axis; the axes of ids stand in its place.
func gather(x, ids graph.Value, axis int) graph.Value {
	rank := len(x.Shape())
	to := []int{axis}
	for i := range rank {
		if i != axis {
			to = append(to, i)
		}
	}
	if axis != 0 {
		x = ops.Transpose(x, to...)
	}
	flat := ops.Reshape(ids, -1)
	y := ops.Gather(x, flat)
	shape := append(slices.Clone([]int(ids.Shape())), x.Shape()[1:]...)
	y = ops.Reshape(y, shape...)
	if axis == 0 {
		return y
	}
	k := len(ids.Shape())
	var back []int
	for i := range axis {
		back = append(back, k+i)
	}
	for i := range k {
		back = append(back, i)
	}
	for i := axis; i < rank-1; i++ {
		back = append(back, k+i)
	}
	return ops.Transpose(y, back...)
}

// take is gather for places that are known.
func take(x graph.Value, places []int32, axis int) graph.Value {
	return gather(x, ops.Const(x.Graph(), tensor.From(places)), axis)
}

// TakeAlongAxis takes elements along an axis, at places of their own for each row.
type TakeAlongAxis struct {
	Name string `keras:"name"`
	Axis *int   `keras:"axis"` // axis; None takes the elements as one list
}

// Arguments are the tensor and the places.
func (TakeAlongAxis) Arguments() []string { return []string{"x", "indices"} }

func (o TakeAlongAxis) Call(c *Call) []Value {
	x, ids := c.X(0), c.X(1)
	v, at, a := x.Value, ids.Value, 0
	if o.Axis == nil {
		v, at = ops.Reshape(v, -1), ops.Reshape(at, -1)
	} else {
		a = c.axis(*o.Axis, len(v.Shape()))
	}
	if !c.ok() {
		return []Value{x}
	}
	n := v.Shape()[a]
	at = c.places(Value{Value: at}, n)
	if len(at.Shape()) == len(v.Shape()) { // lengths of 1 outside the axis are repeated
		want, have := slices.Clone([]int(at.Shape())), slices.Clone([]int(v.Shape()))
		for i := range want {
			if i != a {
				want[i] = max(want[i], v.Shape()[i])
				have[i] = want[i]
			}
		}
		at, v = ops.BroadcastTo(at, want...), ops.BroadcastTo(v, have...)
	}
	return one(ops.TakeAlong(v, at, a), x.DType)
}

// Slice takes a block of a given shape, from given places on.
type Slice struct {
	Name  string `keras:"name"`
	Shape []int  `keras:"shape,required"` // shape of the block; -1 is all that is left
}

// Arguments are the tensor and the first place of each axis.
func (Slice) Arguments() []string { return []string{"inputs", "start_indices"} }

func (o Slice) Call(c *Call) []Value {
	x, starts := c.X(0), c.intsOf(1)
	if !c.ok() || len(starts) != len(x.Shape()) || len(o.Shape) != len(starts) {
		return c.failed("%d places and %d lengths for a tensor of rank %d", len(starts), len(o.Shape), len(x.Shape()))
	}
	sizes := slices.Clone(o.Shape)
	for i := range sizes {
		if sizes[i] == -1 {
			sizes[i] = x.Shape()[i] - starts[i]
		}
	}
	return one(ops.Slice(x.Value, starts, sizes), x.DType)
}

// cut takes n places of an axis.
func cut(x graph.Value, axis, from, n int) graph.Value {
	starts, sizes := make([]int, len(x.Shape())), slices.Clone(x.Shape())
	starts[axis], sizes[axis] = from, n
	return ops.Slice(x, starts, sizes)
}

// UnravelIndex turns the places of elements in a list of all elements into places along
// each axis of a shape, one tensor for each.
type UnravelIndex struct {
	Name  string `keras:"name"`
	Shape []int  `keras:"shape,required"` // lengths of the axes
}

// Arguments are the places.
func (UnravelIndex) Arguments() []string { return []string{"indices"} }

func (o UnravelIndex) Call(c *Call) []Value {
	x := c.X(0)
	if len(o.Shape) == 0 || !c.within("axes", len(o.Shape), maxParts) {
		return c.failed("the shape has %d axes", len(o.Shape))
	}
	out := make([]Value, len(o.Shape))
	rest := ops.Cast(x.Value, tensor.Float64)
	for i, n := range slices.Backward(o.Shape) {
		if n < 1 || isFloat(x.DType) {
			return c.failed("places of type %s in the shape %v", x.DType, o.Shape)
		}
		size := ops.Scalar(rest, float64(n))
		out[i] = make1(mod(rest, size), x.DType)
		rest = floorDivide(rest, size)
	}
	return out
}
