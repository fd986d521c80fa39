package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Arctan2]("numpy")
	register[Hypot]("numpy")
	register[Logaddexp]("numpy")
	register[Logaddexp2]("numpy")
	register[Heaviside]("numpy")
	register[Ldexp]("numpy")
	register[Nextafter]("numpy")
}

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

// Nextafter returns the float32 next to x1 in the direction of x2, broadcast. Its gradient
// is that of x1.
type Nextafter struct {
	ofPair
	Name string `keras:"name"`
}

func (Nextafter) Call(c *Call) []Value {
	a, b, dtype := c.realPair()
	if dtype != "float32" || !c.ok() {
		return c.failed("only float32 is supported, not %s", dtype)
	}
	shape, ok := tensor.Broadcast(a.Shape(), b.Shape())
	if !ok {
		return c.failed("shapes %v and %v do not fit", a.Shape(), b.Shape())
	}
	a, b = ops.BroadcastTo(a, shape...), ops.BroadcastTo(b, shape...)
	step := ops.Sub(ops.Call(nextAfter, ops.StopGradient(a), b), ops.StopGradient(a))
	return one(ops.Add(a, step), dtype)
}

var nextAfter = &ops.Func{Name: "Nextafter", Infer: sameShape(tensor.Float32), Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
	to := in[1].Float32s()
	for i, v := range in[0].Float32s() {
		out.Float32s()[i] = math.Nextafter32(v, to[i])
	}
	return nil
}}
