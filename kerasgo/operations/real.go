package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"math"
)

func init() {
	register[Arccos]("numpy")
	register[Arccosh]("numpy")
	register[Arcsin]("numpy")
	register[Arcsinh]("numpy")
	register[Arctan]("numpy")
	register[Arctanh]("numpy")
	register[Cbrt]("numpy")
	register[Cos]("numpy")
	register[Cosh]("numpy")
	register[Deg2rad]("numpy")
	register[Rad2deg]("numpy")
	register[Exp]("numpy")
	register[Exp2]("numpy")
	register[Expm1]("numpy")
	register[Log]("numpy")
	register[Log10]("numpy")
	register[Log1p]("numpy")
	register[Log2]("numpy")
	register[Sin]("numpy")
	register[Sinc]("numpy")
	register[Sinh]("numpy")
	register[Sqrt]("numpy")
	register[Tan]("numpy")
	register[Tanh]("numpy")
	register[Reciprocal]("numpy")
	register[Fabs]("numpy")
	register[Ceil]("numpy")
	register[Floor]("numpy")
	register[Erf]("math")
	register[Erfc]("math")
	register[Rsqrt]("math")
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

// Cbrt computes the cube root of every element, negative ones included.
type Cbrt struct {
	ofX
	Name string `keras:"name"`
}

func (Cbrt) Call(c *Call) []Value { return c.real(cbrt) }

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

// Exp computes e to the power of every element.
type Exp struct {
	ofX
	Name string `keras:"name"`
}

func (Exp) Call(c *Call) []Value { return c.real(ops.Exp) }

// Exp2 computes 2 to the power of every element.
type Exp2 struct {
	ofX
	Name string `keras:"name"`
}

func (Exp2) Call(c *Call) []Value { return c.real(exp2) }

// Expm1 computes exp(x) - 1, exact for small x.
type Expm1 struct {
	ofX
	Name string `keras:"name"`
}

func (Expm1) Call(c *Call) []Value { return c.real(ops.Expm1) }

// Log computes the natural logarithm of every element.
type Log struct {
	ofX
	Name string `keras:"name"`
}

func (Log) Call(c *Call) []Value { return c.real(ops.Log) }

// Log10 computes the logarithm to base 10 of every element.
type Log10 struct {
	ofX
	Name string `keras:"name"`
}

func (Log10) Call(c *Call) []Value { return c.real(logTo(math.Ln10)) }

// Log1p computes log(1 + x), exact for small x.
type Log1p struct {
	ofX
	Name string `keras:"name"`
}

func (Log1p) Call(c *Call) []Value { return c.real(ops.Log1p) }

// Log2 computes the logarithm to base 2 of every element.
type Log2 struct {
	ofX
	Name string `keras:"name"`
}

func (Log2) Call(c *Call) []Value { return c.real(logTo(math.Ln2)) }

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

// Sqrt computes the square root of every element.
type Sqrt struct {
	ofX
	Name string `keras:"name"`
}

func (Sqrt) Call(c *Call) []Value { return c.real(ops.Sqrt) }

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

// Reciprocal computes 1/x of every element.
type Reciprocal struct {
	ofX
	Name string `keras:"name"`
}

func (Reciprocal) Call(c *Call) []Value { return c.real(ops.Reciprocal) }

// Fabs computes the absolute value of every element as a floating-point number.
type Fabs struct {
	ofX
	Name string `keras:"name"`
}

func (Fabs) Call(c *Call) []Value { return c.real(ops.Abs) }

// Ceil rounds every element up to a whole number.
type Ceil struct {
	ofX
	Name string `keras:"name"`
}

func (Ceil) Call(c *Call) []Value { return c.real(ops.Ceil) }

// Floor rounds every element down to a whole number.
type Floor struct {
	ofX
	Name string `keras:"name"`
}

func (Floor) Call(c *Call) []Value { return c.real(ops.Floor) }

// Erf computes the error function of every element.
type Erf struct {
	ofX
	Name string `keras:"name"`
}

func (Erf) Call(c *Call) []Value { return c.real(ops.Erf) }

// Erfc computes 1 - erf(x) of every element.
type Erfc struct {
	ofX
	Name string `keras:"name"`
}

func (Erfc) Call(c *Call) []Value { return c.real(erfc) }

// Rsqrt computes 1/√x of every element.
type Rsqrt struct {
	ofX
	Name string `keras:"name"`
}

func (Rsqrt) Call(c *Call) []Value { return c.real(ops.Rsqrt) }

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

func cbrt(x graph.Value) graph.Value {
	return ops.Mul(ops.Sign(x), ops.Pow(ops.Abs(x), ops.Scalar(x, 1.0/3)))
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

func exp2(x graph.Value) graph.Value { return ops.Exp(ops.MulScalar(x, math.Ln2)) }

func erfc(x graph.Value) graph.Value { return ops.SubScalarFrom(1, ops.Erf(x)) }

func scaled(by float64) func(graph.Value) graph.Value {
	return func(x graph.Value) graph.Value { return ops.MulScalar(x, by) }
}

// logTo returns the logarithm to the base whose natural logarithm is ln.
func logTo(ln float64) func(graph.Value) graph.Value {
	return func(x graph.Value) graph.Value { return ops.MulScalar(ops.Log(x), 1/ln) }
}
