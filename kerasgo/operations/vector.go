package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Cross]("numpy")
	register[CDist]("math")
	register[Trapezoid]("numpy")
	register[Vander]("numpy")
	register[Correlate]("numpy")
}

// Cross computes the cross product of vectors of length 3.
type Cross struct {
	ofPair
	Name  string `keras:"name"`
	AxisA *int   `keras:"axisa,default=-1"` // axis of the vectors of x1
	AxisB *int   `keras:"axisb,default=-1"` // axis of the vectors of x2
	AxisC *int   `keras:"axisc,default=-1"` // axis of the vectors of the result
	Axis  *int   `keras:"axis"`             // all three at once
}

func (o Cross) Call(c *Call) []Value { return o.cross(c) }

// CDist computes the Euclidean distances between the rows of two matrices.
type CDist struct {
	ofBits
	Name string `keras:"name"`
}

func (CDist) Call(c *Call) []Value { return c.distances() }

// Trapezoid integrates along an axis by the trapezoidal rule.
type Trapezoid struct {
	ofY
	Name string   `keras:"name"`
	X    any      `keras:"x"`               // places of the samples; None is Dx apart
	Dx   *float64 `keras:"dx,default=1.0"`  // distance of neighbours
	Axis *int     `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Trapezoid) Call(c *Call) []Value { return o.integrate(c) }

// Vander computes the powers of the elements of a vector, one row for each.
type Vander struct {
	ofX
	Name       string `keras:"name"`
	N          *int   `keras:"N"`                        // number of powers; None is the length of x
	Increasing bool   `keras:"increasing,default=false"` // from x⁰ on, rather than to x⁰
}

func (o Vander) Call(c *Call) []Value { return o.powers(c) }

type ofY struct{}

func (ofY) Arguments() []string { return []string{"y"} }

func (o Cross) cross(c *Call) []Value {
	p, dtype := c.promoted(c.X(0), c.X(1))
	a, b := p[0].Value, p[1].Value
	axisA, axisB, axisC := *o.AxisA, *o.AxisB, *o.AxisC
	if o.Axis != nil {
		axisA, axisB, axisC = *o.Axis, *o.Axis, *o.Axis
	}
	axisA, axisB = c.axis(axisA, len(a.Shape())), c.axis(axisB, len(b.Shape()))
	if !c.ok() || a.Shape()[axisA] != 3 || b.Shape()[axisB] != 3 {
		return c.failed("vectors of length 3 are wanted, not shapes %v and %v", a.Shape(), b.Shape())
	}
	part := func(x graph.Value, axis, i int) graph.Value { return ops.Squeeze(cut(x, axis, i, 1), axis) }
	term := func(i, j int) graph.Value {
		return ops.Sub(ops.Mul(part(a, axisA, i), part(b, axisB, j)), ops.Mul(part(a, axisA, j), part(b, axisB, i)))
	}
	x, y, z := term(1, 2), term(2, 0), term(0, 1)
	return one(ops.Stack(c.axis(axisC, len(x.Shape())+1), x, y, z), dtype)
}

func (o Trapezoid) integrate(c *Call) []Value {
	y := c.X(0)
	dtype := realType(y.DType)
	v := y.to(dtype).Value
	a := c.axis(*o.Axis, len(v.Shape()))
	if !c.ok() {
		return []Value{y}
	}
	n := v.Shape()[a] - 1
	mean := ops.MulScalar(ops.Add(cut(v, a, 0, n), cut(v, a, 1, n)), 0.5)
	if o.X == nil {
		return one(ops.MulScalar(ops.Sum(mean, []int{a}, false), *o.Dx), dtype)
	}
	list, ok := o.X.([]any)
	if !ok || len(list) != n+1 {
		return c.failed("x must be a list of %d numbers", n+1)
	}
	x := c.list(list).to(dtype).Value
	shape := slices.Repeat([]int{1}, len(v.Shape()))
	shape[a] = n
	steps := ops.Reshape(ops.Sub(cut(x, 0, 1, n), cut(x, 0, 0, n)), shape...)
	return one(ops.Sum(ops.Mul(mean, steps), []int{a}, false), dtype)
}

func (o Vander) powers(c *Call) []Value {
	x := c.X(0)
	if len(x.Shape()) != 1 {
		return c.failed("a vector is wanted, not shape %v", x.Shape())
	}
	n := x.Shape()[0]
	if o.N != nil {
		n = *o.N
	}
	if !c.within("N", n, maxParts) {
		return []Value{x}
	}
	columns := make([]graph.Value, n)
	power := constant(x.Value, 1)
	for i := range n {
		at := i
		if !o.Increasing {
			at = n - 1 - i
		}
		columns[at] = power
		power = ops.Mul(power, x.Value)
	}
	return one(ops.Stack(1, columns...), x.DType)
}

func (c *Call) distances() []Value {
	a, b, dtype := c.realPair()
	ra, rb := len(a.Shape()), len(b.Shape())
	if ra < 2 || rb < 2 {
		return c.failed("matrices are wanted, not shapes %v and %v", a.Shape(), b.Shape())
	}
	d := ops.Sub(ops.ExpandDims(a, ra-1), ops.ExpandDims(b, rb-2))
	return one(ops.Sqrt(ops.Sum(ops.Square(d), []int{len(d.Shape()) - 1}, false)), dtype)
}

// Correlate computes Σ x1[i+k]·x2[k] of two vectors, in floating point.
type Correlate struct {
	ofPair
	Name string `keras:"name"`
	Mode string `keras:"mode,default=valid,enum=valid|same|full"` // where x2 lies inside x1, as many as the longer one in the middle, or wherever both meet
}

func (o Correlate) Call(c *Call) []Value {
	a, b, dtype := c.realPair()
	if len(a.Shape()) != 1 || len(b.Shape()) != 1 || !c.ok() {
		return c.failed("vectors are wanted, not shapes %v and %v", a.Shape(), b.Shape())
	}
	n, m := a.Shape()[0], b.Shape()[0]
	if o.Mode == "valid" && m > n {
		return c.failed("x2 of %d elements is longer than x1 of %d; use mode full or same", m, n)
	}
	if o.Mode != "valid" {
		a = ops.Pad(a, [][2]int{{m - 1, m - 1}}, 0)
	}
	y := ops.Conv2D(ops.Reshape(a, 1, 1, -1, 1), ops.Reshape(b, 1, m, 1, 1), ops.ConvOptions{})
	y = ops.Reshape(y, -1)
	if o.Mode == "same" {
		k := max(n, m)
		y = cut(y, 0, (n+m-1-k)/2, k)
	}
	return one(y, dtype)
}
