package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
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
