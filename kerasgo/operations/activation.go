package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
)

func init() {
	register[Relu]("nn")
	register[Relu6]("nn")
	register[Sigmoid]("nn")
	register[SparseSigmoid]("nn")
	register[Softplus]("nn")
	register[Softsign]("nn")
	register[SoftShrink]("nn")
	register[HardShrink]("nn")
	register[SparsePlus]("nn")
	register[Silu]("nn")
	register[Squareplus]("nn")
	register[LogSigmoid]("nn")
	register[LeakyRelu]("nn")
	register[HardSigmoid]("nn")
	register[HardSilu]("nn")
	register[HardTanh]("nn")
	register[TanhShrink]("nn")
	register[Elu]("nn")
	register[Selu]("nn")
	register[Celu]("nn")
	register[Gelu]("nn")
	register[Glu]("nn")
	register[Threshold]("nn")
}

// Relu yields max(x, 0).
type Relu struct {
	ofX
	Name string `keras:"name"`
}

func (Relu) Call(c *Call) []Value { return c.same(activations.Relu) }

// Relu6 yields x limited to [0, 6].
type Relu6 struct {
	ofX
	Name string `keras:"name"`
}

func (Relu6) Call(c *Call) []Value { return c.same(activations.Relu6) }

// Sigmoid computes 1/(1+exp(-x)).
type Sigmoid struct {
	ofX
	Name string `keras:"name"`
}

func (Sigmoid) Call(c *Call) []Value { return c.real(activations.Sigmoid) }

// SparseSigmoid is 0 up to -1, 1 from 1 on, and (x+1)/2 between.
type SparseSigmoid struct {
	ofX
	Name string `keras:"name"`
}

func (SparseSigmoid) Call(c *Call) []Value { return c.real(activations.SparseSigmoid) }

// Softplus computes log(1+exp(x)).
type Softplus struct {
	ofX
	Name string `keras:"name"`
}

func (Softplus) Call(c *Call) []Value { return c.real(activations.Softplus) }

// Softsign computes x/(1+|x|).
type Softsign struct {
	ofX
	Name string `keras:"name"`
}

func (Softsign) Call(c *Call) []Value { return c.real(activations.Softsign) }

// SoftShrink moves x towards 0 by a threshold, and is 0 within it.
type SoftShrink struct {
	ofX
	Name      string   `keras:"name"`
	Threshold *float64 `keras:"threshold,default=0.5"` // distance from 0 up to which the result is 0
}

func (o SoftShrink) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value { return activations.SoftShrinkWith(x, *o.Threshold) })
}

// HardShrink keeps x, and is 0 within a threshold.
type HardShrink struct {
	ofX
	Name      string   `keras:"name"`
	Threshold *float64 `keras:"threshold,default=0.5"` // distance from 0 up to which the result is 0
}

func (o HardShrink) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value { return activations.HardShrinkWith(x, *o.Threshold) })
}

// SparsePlus is 0 up to -1, x from 1 on, and (x+1)²/4 between.
type SparsePlus struct {
	ofX
	Name string `keras:"name"`
}

func (SparsePlus) Call(c *Call) []Value { return c.real(activations.SparsePlus) }

// Silu computes x·sigmoid(x).
type Silu struct {
	ofX
	Name string `keras:"name"`
}

func (Silu) Call(c *Call) []Value { return c.real(activations.Silu) }

// Squareplus computes (x+√(x²+B))/2.
type Squareplus struct {
	ofX
	Name string   `keras:"name"`
	B    *float64 `keras:"b,default=4"` // smoothness
}

func (o Squareplus) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value { return activations.SquareplusWith(x, *o.B) })
}

// LogSigmoid computes the logarithm of sigmoid(x).
type LogSigmoid struct {
	ofX
	Name string `keras:"name"`
}

func (LogSigmoid) Call(c *Call) []Value { return c.real(activations.LogSigmoid) }

// LeakyRelu keeps positive x and multiplies negative x by a slope.
type LeakyRelu struct {
	ofX
	Name          string   `keras:"name"`
	NegativeSlope *float64 `keras:"negative_slope,default=0.2"` // factor of negative x
}

func (o LeakyRelu) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value { return activations.LeakyReluWith(x, *o.NegativeSlope) })
}

// HardSigmoid computes x/6+1/2 limited to [0, 1].
type HardSigmoid struct {
	ofX
	Name string `keras:"name"`
}

func (HardSigmoid) Call(c *Call) []Value { return c.real(activations.HardSigmoid) }

// HardSilu computes x·hard_sigmoid(x).
type HardSilu struct {
	ofX
	Name string `keras:"name"`
}

func (HardSilu) Call(c *Call) []Value { return c.real(activations.HardSilu) }

// HardTanh limits x to [-1, 1].
type HardTanh struct {
	ofX
	Name string `keras:"name"`
}

func (HardTanh) Call(c *Call) []Value { return c.real(activations.HardTanh) }

// TanhShrink computes x-tanh(x).
type TanhShrink struct {
	ofX
	Name string `keras:"name"`
}

func (TanhShrink) Call(c *Call) []Value { return c.real(activations.TanhShrink) }

// Elu keeps positive x and computes Alpha·(exp(x)-1) for negative x.
type Elu struct {
	ofX
	Name  string   `keras:"name"`
	Alpha *float64 `keras:"alpha,default=1.0"` // scale of negative results
}

func (o Elu) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value { return activations.EluWith(x, *o.Alpha) })
}

// Selu is Elu with the scales that keep mean 0 and variance 1.
type Selu struct {
	ofX
	Name string `keras:"name"`
}

func (Selu) Call(c *Call) []Value { return c.real(activations.Selu) }

// Celu keeps positive x and computes Alpha·(exp(x/Alpha)-1) for negative x.
type Celu struct {
	ofX
	Name  string   `keras:"name"`
	Alpha *float64 `keras:"alpha,default=1.0"` // scale of negative x
}

func (o Celu) Call(c *Call) []Value {
	return c.real(func(x graph.Value) graph.Value { return activations.CeluWith(x, *o.Alpha) })
}

// Gelu computes x·Φ(x), with Φ the distribution of normal numbers, exactly or by tanh.
type Gelu struct {
	ofX
	Name        string `keras:"name"`
	Approximate *bool  `keras:"approximate,default=true"` // by tanh
}

func (o Gelu) Call(c *Call) []Value { return o.gelu(c) }

// Glu cuts an axis into halves a and b and computes a·sigmoid(b).
type Glu struct {
	ofX
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Glu) Call(c *Call) []Value {
	x := c.X(0)
	return one(activations.GluWith(x.Value, c.axis(*o.Axis, len(x.Shape()))), x.DType)
}

// Threshold keeps x above a threshold and puts another value elsewhere.
type Threshold struct {
	ofX
	Name         string  `keras:"name"`
	Threshold    float64 `keras:"threshold,required"`     // x above it stays
	DefaultValue float64 `keras:"default_value,required"` // for the other x
}

func (o Threshold) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return activations.Threshold(x, o.Threshold, o.DefaultValue) })
}

func (o Gelu) gelu(c *Call) []Value {
	if *o.Approximate {
		return c.real(activations.GeluTanh)
	}
	return c.real(activations.Gelu)
}
