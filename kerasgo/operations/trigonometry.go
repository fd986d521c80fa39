package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Arccos]("numpy")
	register[Arccosh]("numpy")
	register[Arcsin]("numpy")
	register[Arcsinh]("numpy")
	register[Arctan]("numpy")
	register[Arctanh]("numpy")
	register[Cos]("numpy")
	register[Cosh]("numpy")
	register[Deg2rad]("numpy")
	register[Rad2deg]("numpy")
	register[Sin]("numpy")
	register[Sinc]("numpy")
	register[Sinh]("numpy")
	register[Tan]("numpy")
	register[Tanh]("numpy")
}

// Arccos computes the inverse cosine of every element, in radians.
type Arccos struct {
	ofX
	Name string `keras:"name"`
}

func (Arccos) Call(c *Call) []Value { return c.real(arccos) }

// Arccosh computes the inverse hyperbolic cosine of every element.
type Arccosh struct {
	ofX
	Name string `keras:"name"`
}

func (Arccosh) Call(c *Call) []Value { return c.real(arccosh) }

// Arcsin computes the inverse sine of every element, in radians.
type Arcsin struct {
	ofX
	Name string `keras:"name"`
}

func (Arcsin) Call(c *Call) []Value { return c.real(arcsin) }

// Arcsinh computes the inverse hyperbolic sine of every element.
type Arcsinh struct {
	ofX
	Name string `keras:"name"`
}

func (Arcsinh) Call(c *Call) []Value { return c.real(arcsinh) }

// Arctan computes the inverse tangent of every element, in radians.
type Arctan struct {
	ofX
	Name string `keras:"name"`
}

func (Arctan) Call(c *Call) []Value { return c.real(ops.Atan) }

// Arctanh computes the inverse hyperbolic tangent of every element.
type Arctanh struct {
	ofX
	Name string `keras:"name"`
}

func (Arctanh) Call(c *Call) []Value { return c.real(arctanh) }

// Cos computes the cosine of every element, given in radians.
type Cos struct {
	ofX
	Name string `keras:"name"`
}

func (Cos) Call(c *Call) []Value { return c.real(ops.Cos) }

// Cosh computes the hyperbolic cosine of every element.
type Cosh struct {
	ofX
	Name string `keras:"name"`
}

func (Cosh) Call(c *Call) []Value { return c.real(cosh) }

// Deg2rad turns degrees into radians.
type Deg2rad struct {
	ofX
	Name string `keras:"name"`
}

func (Deg2rad) Call(c *Call) []Value { return c.real(scaled(math.Pi / 180)) }

// Rad2deg turns radians into degrees.
type Rad2deg struct {
	ofX
	Name string `keras:"name"`
}

func (Rad2deg) Call(c *Call) []Value { return c.real(scaled(180 / math.Pi)) }

// Sin computes the sine of every element, given in radians.
type Sin struct {
	ofX
	Name string `keras:"name"`
}

func (Sin) Call(c *Call) []Value { return c.real(ops.Sin) }

// Sinc computes sin(πx)/(πx) of every element, 1 at 0.
type Sinc struct {
	ofX
	Name string `keras:"name"`
}

func (Sinc) Call(c *Call) []Value { return c.real(sinc) }

// Sinh computes the hyperbolic sine of every element.
type Sinh struct {
	ofX
	Name string `keras:"name"`
}

func (Sinh) Call(c *Call) []Value { return c.real(sinh) }

// Tan computes the tangent of every element, given in radians.
type Tan struct {
	ofX
	Name string `keras:"name"`
}

func (Tan) Call(c *Call) []Value { return c.real(tan) }

// Tanh computes the hyperbolic tangent of every element.
type Tanh struct {
	ofX
	Name string `keras:"name"`
}

func (Tanh) Call(c *Call) []Value { return c.real(ops.Tanh) }

func arccos(x graph.Value) graph.Value { return ops.SubScalarFrom(math.Pi/2, arcsin(x)) }

func arccosh(x graph.Value) graph.Value {
	return ops.Log(ops.Add(x, ops.Mul(ops.Sqrt(ops.AddScalar(x, 1)), ops.Sqrt(ops.SubScalar(x, 1)))))
}

// arcsin is atan(x/√(1-x²)), with 1-x² as a product that keeps its digits near ±1.
func arcsin(x graph.Value) graph.Value {
	return ops.Atan(ops.Div(x, ops.Sqrt(ops.Mul(ops.SubScalarFrom(1, x), ops.AddScalar(x, 1)))))
}

// arcsinh is sign(x)·log1p(|x| + x²/(1+√(x²+1))), written so that its gradient
// holds at 0 too: |x| appears only as x·sign(x).
func arcsinh(x graph.Value) graph.Value {
	sign := ops.Where(ops.GreaterEqual(x, ops.Scalar(x, 0)), ops.Scalar(x, 1), ops.Scalar(x, -1))
	a, s := ops.Mul(x, sign), ops.Square(x)
	root := ops.Sqrt(ops.AddScalar(s, 1))
	return ops.Mul(sign, ops.Log1p(ops.Add(a, ops.Div(s, ops.AddScalar(root, 1)))))
}

func arctanh(x graph.Value) graph.Value {
	return ops.MulScalar(ops.Sub(ops.Log1p(x), ops.Log1p(ops.Neg(x))), 0.5)
}

func cosh(x graph.Value) graph.Value {
	return ops.MulScalar(ops.Add(ops.Exp(x), ops.Exp(ops.Neg(x))), 0.5)
}

// sinh is (e + e/(e+1))/2 with e = exp(x)-1, exact for small x.
func sinh(x graph.Value) graph.Value {
	return ops.MulScalar(ops.Sub(ops.Expm1(x), ops.Expm1(ops.Neg(x))), 0.5)
}

func tan(x graph.Value) graph.Value { return ops.Div(ops.Sin(x), ops.Cos(x)) }

func sinc(x graph.Value) graph.Value {
	zero := ops.Equal(x, ops.Scalar(x, 0))
	px := ops.MulScalar(ops.Where(zero, ops.Scalar(x, 1), x), math.Pi)
	return ops.Where(zero, ops.Scalar(x, 1), ops.Div(ops.Sin(px), px))
}
