package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"math"
)

func init() {
	register[ConvertToTensor]("core")
	register[Array]("numpy")
	register[Nancumsum]("numpy")
	register[Nancumprod]("numpy")
	register[PSNR]("nn")
}

// ConvertToTensor returns x, converted to an element type if one is named.
type ConvertToTensor struct {
	ofX
	Name   string `keras:"name"`
	DType  string `keras:"dtype"`  // element type of the result; None is that of x
	Sparse *bool  `keras:"sparse"` // tensors are never sparse
	Ragged *bool  `keras:"ragged"` // tensors are never ragged
}

func (o ConvertToTensor) Call(c *Call) []Value { return c.converted(o.DType) }

// Array returns x, converted to an element type if one is named.
type Array struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o Array) Call(c *Call) []Value { return c.converted(o.DType) }

// Nancumsum adds each element to those before it along an axis, NaN counting as 0.
type Nancumsum struct {
	ofX
	Name  string `keras:"name"`
	Axis  *int   `keras:"axis"`  // axis; None takes the elements as one list
	DType string `keras:"dtype"` // element type of the result
}

func (o Nancumsum) Call(c *Call) []Value { return c.nan(0).running(o.Axis, o.DType, ops.CumSum) }

// Nancumprod multiplies each element by those before it along an axis, NaN counting as 1.
type Nancumprod struct {
	ofX
	Name  string `keras:"name"`
	Axis  *int   `keras:"axis"`  // axis; None takes the elements as one list
	DType string `keras:"dtype"` // element type of the result
}

func (o Nancumprod) Call(c *Call) []Value { return c.nan(1).running(o.Axis, o.DType, cumProd) }

// PSNR computes the ratio of peak signal to noise of two images in decibels: 20·log10(MaxVal) - 10·log10(mean of squared differences).
type PSNR struct {
	ofPair
	Name   string  `keras:"name"`
	MaxVal float64 `keras:"max_val,required"` // largest value of the signal
}

func (o PSNR) Call(c *Call) []Value {
	a, b, d := c.realPair()
	noise := ops.Mean(ops.Square(ops.Sub(a, b)), nil, false)
	return one(ops.SubScalarFrom(20*math.Log10(o.MaxVal), logTo(math.Ln10/10)(noise)), d)
}

func (c *Call) converted(dtype string) []Value {
	x := c.X(0)
	if dtype == "" {
		dtype = x.DType
	}
	return []Value{x.to(dtype)}
}
