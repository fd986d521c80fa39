package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Add]("numpy")
	register[Subtract]("numpy")
	register[Multiply]("numpy")
	register[Divide]("numpy")
	register[TrueDivide]("numpy")
	register[DivideNoNan]("numpy")
	register[FloorDivide]("numpy")
	register[Mod]("numpy")
	register[Fmod]("numpy")
	register[Power]("numpy")
	register[Maximum]("numpy")
	register[Minimum]("numpy")
	register[Fmax]("numpy")
	register[Fmin]("numpy")
}

// Add computes x1 + x2, broadcast; truth values are joined by or.
type Add struct {
	ofPair
	Name string `keras:"name"`
}

func (Add) Call(c *Call) []Value { return c.arithOr(ops.Add, ops.Or) }

// Subtract computes x1 - x2, broadcast.
type Subtract struct {
	ofPair
	Name string `keras:"name"`
}

func (Subtract) Call(c *Call) []Value { return c.arith(ops.Sub) }

// Multiply computes x1 · x2, broadcast; truth values are joined by and.
type Multiply struct {
	ofPair
	Name string `keras:"name"`
}

func (Multiply) Call(c *Call) []Value { return c.arithOr(ops.Mul, ops.And) }

// Divide computes x1 / x2, broadcast, in floating point.
type Divide struct {
	ofPair
	Name string `keras:"name"`
}

func (Divide) Call(c *Call) []Value { a, b, d := c.realPair(); return one(ops.Div(a, b), d) }

// TrueDivide computes x1 / x2, broadcast, in floating point.
type TrueDivide struct {
	ofPair
	Name string `keras:"name"`
}

func (TrueDivide) Call(c *Call) []Value { a, b, d := c.realPair(); return one(ops.Div(a, b), d) }

// DivideNoNan computes x1 / x2, broadcast, and 0 where x2 is 0.
type DivideNoNan struct {
	ofPair
	Name string `keras:"name"`
}

func (DivideNoNan) Call(c *Call) []Value { a, b, d := c.realPair(); return one(divideNoNan(a, b), d) }

// FloorDivide computes x1 / x2, broadcast, rounded down.
type FloorDivide struct {
	ofPair
	Name string `keras:"name"`
}

func (FloorDivide) Call(c *Call) []Value { return c.floored(floorDivide) }

// Mod computes the remainder of x1 / x2, broadcast, with the sign of x2.
type Mod struct {
	ofPair
	Name string `keras:"name"`
}

func (Mod) Call(c *Call) []Value { return c.floored(mod) }

// Fmod computes the remainder of x1 / x2, broadcast, with the sign of x1.
type Fmod struct {
	ofPair
	Name string `keras:"name"`
}

func (Fmod) Call(c *Call) []Value { return c.floored(fmod) }

// Power computes x1 to the power of x2, broadcast.
type Power struct {
	ofPair
	Name string `keras:"name"`
}

func (Power) Call(c *Call) []Value { return c.floored(ops.Pow) }

// Maximum takes the larger one of x1 and x2, broadcast; NaN wins.
type Maximum struct {
	ofPair
	Name string `keras:"name"`
}

func (Maximum) Call(c *Call) []Value { return c.arith(ops.Maximum) }

// Minimum takes the smaller one of x1 and x2, broadcast; NaN wins.
type Minimum struct {
	ofPair
	Name string `keras:"name"`
}

func (Minimum) Call(c *Call) []Value { return c.arith(ops.Minimum) }

// Fmax takes the larger one of x1 and x2, broadcast, the other one if one is NaN.
type Fmax struct {
	ofPair
	Name string `keras:"name"`
}

func (Fmax) Call(c *Call) []Value { return c.arith(skipNaN(ops.Maximum)) }

// Fmin takes the smaller one of x1 and x2, broadcast, the other one if one is NaN.
type Fmin struct {
	ofPair
	Name string `keras:"name"`
}

func (Fmin) Call(c *Call) []Value { return c.arith(skipNaN(ops.Minimum)) }

// arithOr is arith with another function for truth values.
func (c *Call) arithOr(f, truth func(a, b graph.Value) graph.Value) []Value {
	if promote(c.X(0), c.X(1)) == "bool" {
		return c.compare(truth)
	}
	return c.arith(f)
}

// floored computes in floating point what the engine cannot in integers; results
// of integers are whole numbers.
func (c *Call) floored(f func(a, b graph.Value) graph.Value) []Value {
	x, y := c.X(0), c.X(1)
	dtype := numberType(promote(x, y))
	if isFloat(dtype) {
		return one(f(x.to(dtype).Value, y.to(dtype).Value), dtype)
	}
	z := f(x.to(dtype).to("float64").Value, y.to(dtype).to("float64").Value)
	if bits[dtype] > 0 {
		z = wrap(z, dtype)
	}
	return one(z, dtype)
}

func divideNoNan(a, b graph.Value) graph.Value {
	zero := ops.Equal(b, ops.Scalar(b, 0))
	return ops.Where(zero, ops.Scalar(a, 0), ops.Div(a, ops.Where(zero, ops.Scalar(b, 1), b)))
}

func floorDivide(a, b graph.Value) graph.Value { return ops.Floor(ops.Div(a, b)) }

func mod(a, b graph.Value) graph.Value { return ops.Sub(a, ops.Mul(floorDivide(a, b), b)) }

func fmod(a, b graph.Value) graph.Value { return ops.Sub(a, ops.Mul(trunc(ops.Div(a, b)), b)) }

func skipNaN(f func(a, b graph.Value) graph.Value) func(a, b graph.Value) graph.Value {
	return func(a, b graph.Value) graph.Value {
		zero := ops.Scalar(a, 0)
		both := f(ops.Where(isnan(a), zero, a), ops.Where(isnan(b), zero, b))
		return ops.Where(isnan(a), b, ops.Where(isnan(b), a, both))
	}
}
