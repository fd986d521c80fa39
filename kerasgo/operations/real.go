package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Cbrt]("numpy")
	register[Exp]("numpy")
	register[Exp2]("numpy")
	register[Expm1]("numpy")
	register[Log]("numpy")
	register[Log10]("numpy")
	register[Log1p]("numpy")
	register[Log2]("numpy")
	register[Sqrt]("numpy")
	register[Reciprocal]("numpy")
	register[Fabs]("numpy")
	register[Ceil]("numpy")
	register[Floor]("numpy")
	register[Erf]("math")
	register[Erfc]("math")
	register[Rsqrt]("math")
	register[Erfinv]("math")
	register[I0]("numpy")
}

// Cbrt computes the cube root of every element, negative ones included.
type Cbrt struct {
	ofX
	Name string `keras:"name"`
}

func (Cbrt) Call(c *Call) []Value { return c.real(cbrt) }

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

// Sqrt computes the square root of every element.
type Sqrt struct {
	ofX
	Name string `keras:"name"`
}

func (Sqrt) Call(c *Call) []Value { return c.real(ops.Sqrt) }

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

func cbrt(x graph.Value) graph.Value {
	return ops.Mul(ops.Sign(x), ops.Pow(ops.Abs(x), ops.Scalar(x, 1.0/3)))
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

// Erfinv computes the number whose error function is x, for x between -1 and 1.
type Erfinv struct {
	ofX
	Name string `keras:"name"`
}

func (Erfinv) Call(c *Call) []Value { return c.real(ops.Erfinv) }

// I0 computes the modified Bessel function of the first kind of order 0 of every element.
type I0 struct {
	ofX
	Name string `keras:"name"`
}

func (I0) Call(c *Call) []Value { return c.real(ops.BesselI0) }
