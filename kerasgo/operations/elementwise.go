package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Abs]("numpy")
	register[Absolute]("numpy")
	register[Negative]("numpy")
	register[Square]("numpy")
	register[Sign]("numpy")
	register[Trunc]("numpy")
	register[Round]("numpy")
	register[Copy]("numpy")
	register[Conj]("numpy")
	register[Conjugate]("numpy")
	register[Real]("numpy")
	register[StopGradient]("core")
	register[NanToNum]("numpy")
	register[Clip]("numpy")
	register[Imag]("numpy")
	register[Angle]("numpy")
}

// Abs computes the absolute value of every element.
type Abs struct {
	ofX
	Name string `keras:"name"`
}

func (Abs) Call(c *Call) []Value { return c.same(abs) }

// Absolute computes the absolute value of every element; the abs of Python.
type Absolute struct {
	ofX
	Name string `keras:"name"`
}

func (Absolute) Call(c *Call) []Value { return c.same(abs) }

// Negative changes the sign of every element.
type Negative struct {
	ofX
	Name string `keras:"name"`
}

func (Negative) Call(c *Call) []Value { return c.wrapped(ops.Neg) }

// Square computes x² of every element. Truth values count as int32.
type Square struct {
	ofX
	Name string `keras:"name"`
}

func (Square) Call(c *Call) []Value { return c.wrapped(ops.Square) }

// Sign yields -1, 0 or 1 for negative elements, zeros and positive ones.
type Sign struct {
	ofX
	Name string `keras:"name"`
}

func (Sign) Call(c *Call) []Value { return c.same(ops.Sign) }

// Trunc cuts off the fraction of every element.
type Trunc struct {
	ofX
	Name string `keras:"name"`
}

func (Trunc) Call(c *Call) []Value { return c.whole(trunc) }

// Round rounds every element to the nearest number with Decimals digits after the point, halves to the even one.
type Round struct {
	ofX
	Name     string `keras:"name"`
	Decimals int    `keras:"decimals,default=0"` // digits kept after the point; negative ones stand before it
}

func (o Round) Call(c *Call) []Value {
	if x := c.X(0); !x.Value.DType().Float() && o.Decimals < 0 { // tens of whole numbers
		return one(ops.Cast(o.round(ops.Cast(x.Value, tensor.Float64)), x.Value.DType()), x.DType)
	}
	return c.whole(o.round)
}

// Copy returns its input.
type Copy struct {
	ofX
	Name string `keras:"name"`
}

func (Copy) Call(c *Call) []Value { return c.same(identity) }

// Conj returns real numbers as they are.
type Conj struct {
	ofX
	Name string `keras:"name"`
}

func (Conj) Call(c *Call) []Value { return c.same(identity) }

// Conjugate returns real numbers as they are.
type Conjugate struct {
	ofX
	Name string `keras:"name"`
}

func (Conjugate) Call(c *Call) []Value { return c.same(identity) }

// Real returns real numbers as they are.
type Real struct {
	ofX
	Name string `keras:"name"`
}

func (Real) Call(c *Call) []Value { return c.same(identity) }

// StopGradient returns its input, through which no gradient flows back.
type StopGradient struct {
	ofVariable
	Name string `keras:"name"`
}

func (StopGradient) Call(c *Call) []Value { return c.same(ops.StopGradient) }

// NanToNum replaces NaN and infinite elements by numbers.
type NanToNum struct {
	ofX
	Name   string   `keras:"name"`
	Nan    float64  `keras:"nan,default=0.0"` // for NaN
	Posinf *float64 `keras:"posinf"`          // for +∞; None is the largest number of the type
	Neginf *float64 `keras:"neginf"`          // for -∞; None is the smallest
}

func (o NanToNum) Call(c *Call) []Value { return c.same(o.replace) }

// Clip limits every element to [XMin, XMax]. Truth values count as int32.
type Clip struct {
	ofX
	Name string  `keras:"name"`
	XMin float64 `keras:"x_min,required"` // least value
	XMax float64 `keras:"x_max,required"` // greatest value
}

func (o Clip) Call(c *Call) []Value {
	x := c.X(0)
	d := numberType(x.DType)
	return one(ops.Clip(x.to(d).Value, o.XMin, o.XMax), d)
}

type ofVariable struct{}

func (ofVariable) Arguments() []string { return []string{"variable"} }

func (o Round) round(x graph.Value) graph.Value {
	if o.Decimals == 0 {
		return ops.Round(x)
	}
	by := math.Pow(10, float64(o.Decimals))
	return ops.DivScalar(ops.Round(ops.MulScalar(x, by)), by)
}

func (o NanToNum) replace(x graph.Value) graph.Value {
	if !x.DType().Float() {
		return x
	}
	largest := math.MaxFloat32
	if x.DType() == tensor.Float64 {
		largest = math.MaxFloat64
	}
	low, high := -largest, largest
	if o.Neginf != nil {
		low = *o.Neginf
	}
	if o.Posinf != nil {
		high = *o.Posinf
	}
	x = ops.Where(isnan(x), ops.Scalar(x, o.Nan), x)
	x = ops.Where(isAt(math.Inf(-1))(x), ops.Scalar(x, low), x)
	return ops.Where(isAt(math.Inf(1))(x), ops.Scalar(x, high), x)
}

func identity(x graph.Value) graph.Value { return x }

// abs of truth values and unsigned integers changes nothing.
func abs(x graph.Value) graph.Value { return ops.Abs(x) }

// wrapped applies a function of whole or real numbers that may leave the range of
// a short integer type.
func (c *Call) wrapped(f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	dtype := numberType(x.DType)
	y := f(x.to(dtype).Value)
	if bits[dtype] > 0 {
		y = wrap(y, dtype)
	}
	return one(y, dtype)
}

// whole applies a function that changes nothing about integers.
func (c *Call) whole(f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	if !isFloat(x.DType) {
		return one(x.Value, x.DType)
	}
	return one(f(x.Value), x.DType)
}

// Imag is the imaginary part of real numbers: zeros.
type Imag struct {
	ofX
	Name string `keras:"name"`
}

func (Imag) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return constant(x, 0) })
}

// Angle is the angle of real numbers in the plane of complex ones: 0, or π where they are negative.
type Angle struct {
	ofX
	Name string `keras:"name"`
}

func (Angle) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value {
		return ops.Where(ops.Less(x, ops.Scalar(x, 0)), constant(x, math.Pi), constant(x, 0))
	})
}
