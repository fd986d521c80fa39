package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"math"
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
	register[Arctan2]("numpy")
	register[Hypot]("numpy")
	register[Logaddexp]("numpy")
	register[Logaddexp2]("numpy")
	register[Heaviside]("numpy")
	register[Ldexp]("numpy")
	register[Equal]("numpy")
	register[NotEqual]("numpy")
	register[Greater]("numpy")
	register[GreaterEqual]("numpy")
	register[Less]("numpy")
	register[LessEqual]("numpy")
	register[LogicalAnd]("numpy")
	register[LogicalOr]("numpy")
	register[LogicalXor]("numpy")
	register[Isclose]("numpy")
	register[AllClose]("numpy")
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

// Arctan2 computes the angle of the point (x2, x1) in radians, from -π to π.
type Arctan2 struct {
	ofPair
	Name string `keras:"name"`
}

func (Arctan2) Call(c *Call) []Value { a, b, d := c.realPair(); return one(arctan2(a, b), d) }

// Hypot computes √(x1² + x2²), broadcast.
type Hypot struct {
	ofPair
	Name string `keras:"name"`
}

func (Hypot) Call(c *Call) []Value { a, b, d := c.realPair(); return one(hypot(a, b), d) }

// Logaddexp computes log(exp(x1) + exp(x2)), broadcast.
type Logaddexp struct {
	ofPair
	Name string `keras:"name"`
}

func (Logaddexp) Call(c *Call) []Value { a, b, d := c.realPair(); return one(logaddexp(a, b), d) }

// Logaddexp2 computes log2(2^x1 + 2^x2), broadcast.
type Logaddexp2 struct {
	ofPair
	Name string `keras:"name"`
}

func (Logaddexp2) Call(c *Call) []Value {
	a, b, d := c.realPair()
	return one(ops.DivScalar(logaddexp(ops.MulScalar(a, math.Ln2), ops.MulScalar(b, math.Ln2)), math.Ln2), d)
}

// Heaviside yields 0 for negative x1, 1 for positive x1, and x2 where x1 is 0.
type Heaviside struct {
	ofPair
	Name string `keras:"name"`
}

func (Heaviside) Call(c *Call) []Value { a, b, d := c.realPair(); return one(heaviside(a, b), d) }

// Ldexp computes x1 · 2^x2, broadcast.
type Ldexp struct {
	ofPair
	Name string `keras:"name"`
}

func (Ldexp) Call(c *Call) []Value { a, b, d := c.realPair(); return one(ops.Mul(a, exp2(b)), d) }

// Equal is true where x1 = x2, broadcast.
type Equal struct {
	ofPair
	Name string `keras:"name"`
}

func (Equal) Call(c *Call) []Value { return c.compare(ops.Equal) }

// NotEqual is true where x1 ≠ x2, broadcast.
type NotEqual struct {
	ofPair
	Name string `keras:"name"`
}

func (NotEqual) Call(c *Call) []Value { return c.compare(ops.NotEqual) }

// Greater is true where x1 > x2, broadcast.
type Greater struct {
	ofPair
	Name string `keras:"name"`
}

func (Greater) Call(c *Call) []Value { return c.compare(ops.Greater) }

// GreaterEqual is true where x1 ≥ x2, broadcast.
type GreaterEqual struct {
	ofPair
	Name string `keras:"name"`
}

func (GreaterEqual) Call(c *Call) []Value { return c.compare(ops.GreaterEqual) }

// Less is true where x1 < x2, broadcast.
type Less struct {
	ofPair
	Name string `keras:"name"`
}

func (Less) Call(c *Call) []Value { return c.compare(ops.Less) }

// LessEqual is true where x1 ≤ x2, broadcast.
type LessEqual struct {
	ofPair
	Name string `keras:"name"`
}

func (LessEqual) Call(c *Call) []Value { return c.compare(ops.LessEqual) }

// LogicalAnd is true where x1 and x2 are, broadcast.
type LogicalAnd struct {
	ofPair
	Name string `keras:"name"`
}

func (LogicalAnd) Call(c *Call) []Value { return c.logic(ops.And) }

// LogicalOr is true where x1 or x2 is, broadcast.
type LogicalOr struct {
	ofPair
	Name string `keras:"name"`
}

func (LogicalOr) Call(c *Call) []Value { return c.logic(ops.Or) }

// LogicalXor is true where one of x1 and x2 is, broadcast.
type LogicalXor struct {
	ofPair
	Name string `keras:"name"`
}

func (LogicalXor) Call(c *Call) []Value { return c.logic(ops.NotEqual) }

// Isclose is true where |x1 - x2| ≤ atol + rtol·|x2|, broadcast.
type Isclose struct {
	ofClose
	Name     string `keras:"name"`
	EqualNan bool   `keras:"equal_nan,default=false"` // NaN equals NaN
}

func (o Isclose) Call(c *Call) []Value {
	return one(c.close(c.Number(2, 1e-5), c.Number(3, 1e-8), o.EqualNan), "bool")
}

// AllClose is true if |x1 - x2| ≤ atol + rtol·|x2| for all elements.
type AllClose struct {
	ofPair
	Name     string   `keras:"name"`
	Rtol     *float64 `keras:"rtol,default=1e-05"`      // tolerance relative to x2
	Atol     *float64 `keras:"atol,default=1e-08"`      // tolerance added to it
	EqualNan bool     `keras:"equal_nan,default=false"` // NaN equals NaN
}

func (o AllClose) Call(c *Call) []Value {
	return one(ops.Min(c.close(*o.Rtol, *o.Atol, o.EqualNan), nil, false), "bool")
}

type ofClose struct{}

func (ofClose) Arguments() []string { return []string{"x1", "x2", "rtol", "atol"} }

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

func (c *Call) logic(f func(a, b graph.Value) graph.Value) []Value {
	return one(f(c.X(0).to("bool").Value, c.X(1).to("bool").Value), "bool")
}

// close compares in floating point, as TensorFlow does: equal infinities are not
// close. Integers must be equal.
func (c *Call) close(rtol, atol float64, equalNaN bool) graph.Value {
	a, b, dtype := c.pair()
	if !isFloat(dtype) {
		return ops.Equal(a, b)
	}
	near := ops.LessEqual(ops.Abs(ops.Sub(a, b)), ops.AddScalar(ops.MulScalar(ops.Abs(b), rtol), atol))
	if equalNaN {
		near = ops.Or(near, ops.And(isnan(a), isnan(b)))
	}
	return near
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

// arctan2 turns the quadrants of atan(y/x).
func arctan2(y, x graph.Value) graph.Value {
	zero := ops.Scalar(x, 0)
	right := ops.Greater(x, zero)
	// On the y axis the angle is ±π/2: there atan(-x/y) turns it by what x is off.
	steep := ops.Greater(ops.Abs(y), ops.Abs(x))
	safeX := ops.Where(steep, ops.Scalar(x, 1), x)
	safeY := ops.Where(steep, y, ops.Scalar(y, 1))
	up := ops.Where(ops.GreaterEqual(y, zero), ops.Scalar(y, 1), ops.Scalar(y, -1))
	flat := ops.Where(ops.Equal(x, zero), zero, ops.Atan(ops.Div(y, ops.Where(ops.Equal(safeX, zero), ops.Scalar(x, 1), safeX))))
	flat = ops.Add(flat, ops.Where(ops.Or(right, ops.And(ops.Equal(x, zero), ops.Equal(y, zero))), zero, ops.MulScalar(up, math.Pi)))
	return ops.Where(steep, ops.Sub(ops.MulScalar(up, math.Pi/2), ops.Atan(ops.Div(x, safeY))), flat)
}

func hypot(a, b graph.Value) graph.Value { return ops.Sqrt(ops.Add(ops.Square(a), ops.Square(b))) }

// logaddexp is max + log1p(exp(-|a-b|)).
func logaddexp(a, b graph.Value) graph.Value { return ops.Add(a, ops.Softplus(ops.Sub(b, a))) }

func heaviside(a, b graph.Value) graph.Value {
	zero := ops.Scalar(a, 0)
	step := ops.Where(ops.Greater(a, zero), ops.Scalar(a, 1), zero)
	return ops.Where(ops.Equal(a, zero), b, step)
}
