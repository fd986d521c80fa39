package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[BitwiseAnd]("numpy")
	register[BitwiseOr]("numpy")
	register[BitwiseXor]("numpy")
	register[BitwiseNot]("numpy")
	register[BitwiseInvert]("numpy")
	register[BitwiseLeftShift]("numpy")
	register[BitwiseRightShift]("numpy")
	register[LeftShift]("numpy")
	register[RightShift]("numpy")
	register[Gcd]("numpy")
	register[Lcm]("numpy")
}

// BitwiseAnd keeps the bits that both whole numbers have, broadcast.
type BitwiseAnd struct {
	ofBits
	Name string `keras:"name"`
}

func (BitwiseAnd) Call(c *Call) []Value { return c.bitwise(ops.WholeAnd) }

// BitwiseOr joins the bits of whole numbers, broadcast.
type BitwiseOr struct {
	ofBits
	Name string `keras:"name"`
}

func (BitwiseOr) Call(c *Call) []Value { return c.bitwise(ops.WholeOr) }

// BitwiseXor keeps the bits in which whole numbers differ, broadcast.
type BitwiseXor struct {
	ofBits
	Name string `keras:"name"`
}

func (BitwiseXor) Call(c *Call) []Value { return c.bitwise(ops.WholeXor) }

// BitwiseNot turns every bit of whole numbers: -x - 1 of signed ones.
type BitwiseNot struct {
	ofX
	Name string `keras:"name"`
}

func (BitwiseNot) Call(c *Call) []Value { return c.inverted() }

// BitwiseInvert turns every bit of whole numbers: -x - 1 of signed ones.
type BitwiseInvert struct {
	ofX
	Name string `keras:"name"`
}

func (BitwiseInvert) Call(c *Call) []Value { return c.inverted() }

// BitwiseLeftShift moves the bits of x to the left by y places, broadcast.
type BitwiseLeftShift struct {
	ofBits
	Name string `keras:"name"`
}

func (BitwiseLeftShift) Call(c *Call) []Value { return c.bitwise(ops.WholeLeft) }

// BitwiseRightShift moves the bits of x to the right by y places, broadcast; the sign stays.
type BitwiseRightShift struct {
	ofBits
	Name string `keras:"name"`
}

func (BitwiseRightShift) Call(c *Call) []Value { return c.bitwise(ops.WholeRight) }

// LeftShift moves the bits of x to the left by y places, broadcast.
type LeftShift struct {
	ofBits
	Name string `keras:"name"`
}

func (LeftShift) Call(c *Call) []Value { return c.bitwise(ops.WholeLeft) }

// RightShift moves the bits of x to the right by y places, broadcast; the sign stays.
type RightShift struct {
	ofBits
	Name string `keras:"name"`
}

func (RightShift) Call(c *Call) []Value { return c.bitwise(ops.WholeRight) }

// Gcd computes the greatest common divisor of whole numbers, broadcast.
type Gcd struct {
	ofPair
	Name string `keras:"name"`
}

func (Gcd) Call(c *Call) []Value { return c.bitwise(ops.WholeGcd) }

// Lcm computes the least common multiple of whole numbers, broadcast; 0 if one is 0.
type Lcm struct {
	ofPair
	Name string `keras:"name"`
}

func (Lcm) Call(c *Call) []Value {
	a, b, dtype := c.wholePair()
	if !c.ok() {
		return []Value{c.X(0)}
	}
	divisor := ops.Whole(ops.WholeGcd, a, b)
	some := ops.MaximumScalar(divisor, 1)
	wide := func(x graph.Value) graph.Value { return make1(x, "float64").Value }
	quotient := ops.Floor(ops.Div(wide(ops.Abs(b)), wide(some)))
	return one(wrapped(ops.Mul(wide(ops.Abs(a)), quotient), dtype), dtype)
}

// wholePair returns the arguments in their common type, which must be one of whole numbers.
func (c *Call) wholePair() (a, b graph.Value, dtype string) {
	a, b, dtype = c.pair()
	if c.ok() && (isFloat(dtype) || dtype == "bool") {
		c.fail("whole numbers are wanted, not %s", dtype)
	}
	return a, b, dtype
}

func (c *Call) bitwise(kind ops.WholeKind) []Value {
	a, b, dtype := c.wholePair()
	if !c.ok() {
		return []Value{c.X(0)}
	}
	return one(wrapped(ops.Whole(kind, a, b), dtype), dtype)
}

// wrapped takes what left the range of a short type back into it.
func wrapped(v graph.Value, dtype string) graph.Value {
	if bits[dtype] > 0 {
		return wrap(v, dtype)
	}
	return v
}

func (c *Call) inverted() []Value {
	x := c.X(0)
	if isFloat(x.DType) || x.DType == "bool" {
		return c.failed("whole numbers are wanted, not %s", x.DType)
	}
	return one(wrapped(ops.SubScalarFrom(-1, x.Value), x.DType), x.DType)
}
