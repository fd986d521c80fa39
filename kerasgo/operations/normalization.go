package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Moments]("nn")
	register[BatchNorm]("nn")
	register[Normalize]("nn")
	register[LayerNorm]("nn")
	register[RMSNorm]("nn")
}

// Moments computes the mean and the variance along axes.
type Moments struct {
	ofX
	Name         string `keras:"name"`
	Axes         []int  `keras:"axes,required"`              // axes that are taken together
	Keepdims     bool   `keras:"keepdims,default=false"`     // axes that are taken together stay, with length 1
	Synchronized bool   `keras:"synchronized,default=false"` // over several devices: must be false
}

func (o Moments) Call(c *Call) []Value { return o.moments(c) }

// BatchNorm computes (x-mean)/√(variance+Epsilon)·scale + offset, with one number for each place of an axis.
type BatchNorm struct {
	ofBatch
	Name    string   `keras:"name"`
	Axis    *int     `keras:"axis,required"`         // axis of the statistics
	Epsilon *float64 `keras:"epsilon,default=0.001"` // added to the variance
}

func (o BatchNorm) Call(c *Call) []Value { return o.norm(c) }

// Normalize divides by the norm along axes, at least √Epsilon.
type Normalize struct {
	ofX
	Name    string    `keras:"name"`
	Axis    spec.Ints `keras:"axis,default=-1"` // axes of the norm
	Order   any       `keras:"order,default=2"` // of the norm: a number
	Epsilon *float64  `keras:"epsilon"`         // lower bound of the sum of squares; None is 1e-7
}

func (o Normalize) Call(c *Call) []Value { return o.norm(c) }

// LayerNorm brings axes to mean 0 and variance 1, then multiplies by gamma and adds beta.
type LayerNorm struct {
	ofLayerNorm
	Name       string    `keras:"name"`
	Axis       spec.Ints `keras:"axis,default=-1"`           // axes of the statistics
	Epsilon    *float64  `keras:"epsilon"`                   // added to the variance
	RMSScaling bool      `keras:"rms_scaling,default=false"` // only divides by the standard deviation
}

func (o LayerNorm) Call(c *Call) []Value { return o.norm(c) }

// RMSNorm divides by the root of the mean of squares along axes, then multiplies by scale.
type RMSNorm struct {
	ofRMS
	Name    string    `keras:"name"`
	Axis    spec.Ints `keras:"axis,default=-1"` // axes of the mean
	Epsilon *float64  `keras:"epsilon"`         // added to the variance
}

func (o RMSNorm) Call(c *Call) []Value { return o.norm(c) }

type ofBatch struct{}
type ofLayerNorm struct{}
type ofRMS struct{}

func (ofBatch) Arguments() []string     { return []string{"x", "mean", "variance", "offset", "scale"} }
func (ofLayerNorm) Arguments() []string { return []string{"x", "gamma", "beta"} }
func (ofRMS) Arguments() []string       { return []string{"x", "scale"} }
func (ofRMS) Keywords() []string        { return []string{"scale"} }

func (o Moments) moments(c *Call) []Value {
	x := c.X(0)
	axes := c.axes(o.Axes, len(x.Shape()))
	if o.Synchronized || !c.ok() {
		return c.failed("synchronized is not supported")
	}
	return []Value{make1(ops.Mean(x.Value, axes, o.Keepdims), x.DType), make1(ops.Variance(x.Value, axes, o.Keepdims), x.DType)}
}

func (o BatchNorm) norm(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	shape := slices.Repeat([]int{1}, rank)
	shape[a] = x.Shape()[a]
	along := func(i int) graph.Value { return ops.Reshape(c.X(i).to(x.DType).Value, shape...) }
	inverse := ops.Rsqrt(ops.AddScalar(along(2), *o.Epsilon))
	if c.Has(4) {
		inverse = ops.Mul(inverse, along(4))
	}
	y := ops.Mul(ops.Sub(x.Value, along(1)), inverse)
	if c.Has(3) {
		y = ops.Add(y, along(3))
	}
	return one(y, x.DType)
}

func (o Normalize) norm(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	v, axes := x.to(dtype).Value, c.axes(o.Axis, len(x.Shape()))
	eps := epsilon
	if o.Epsilon != nil {
		eps = *o.Epsilon
	}
	order, ok := 2.0, true
	switch p := o.Order.(type) {
	case nil:
	case int:
		order = float64(p)
	case float64:
		order = p
	default:
		ok = false
	}
	if !ok || !c.ok() {
		return c.failed("order %v is not supported", o.Order)
	}
	if order == 2 {
		sum := ops.Sum(ops.Square(v), axes, true)
		return one(ops.Mul(v, ops.Rsqrt(ops.MaximumScalar(sum, eps))), dtype)
	}
	norm := ops.Sum(ops.PowScalar(ops.Abs(v), order), axes, true)
	norm = ops.MaximumScalar(ops.PowScalar(norm, 1/order), eps)
	return one(ops.Div(v, norm), dtype)
}

func (o LayerNorm) norm(c *Call) []Value {
	x := c.X(0)
	v, axes := x.to("float32").Value, c.axes(o.Axis, len(x.Shape()))
	eps := epsilon
	if o.Epsilon != nil {
		eps = *o.Epsilon
	}
	if !c.ok() {
		return []Value{x}
	}
	slices.Sort(axes)
	y := ops.Rsqrt(ops.AddScalar(ops.Variance(v, axes, true), eps))
	if o.RMSScaling {
		y = ops.Mul(v, y)
	} else {
		y = ops.Mul(ops.Sub(v, ops.Mean(v, axes, true)), y)
	}
	if c.Has(1) {
		y = ops.Mul(y, c.scales(1, v, axes))
	}
	if c.Has(2) && !o.RMSScaling {
		y = ops.Add(y, c.scales(2, v, axes))
	}
	return one(y, x.DType)
}

func (o RMSNorm) norm(c *Call) []Value {
	x := c.X(0)
	v, axes := x.to("float32").Value, c.axes(o.Axis, len(x.Shape()))
	eps := epsilon
	if o.Epsilon != nil {
		eps = *o.Epsilon
	}
	if !c.ok() {
		return []Value{x}
	}
	y := ops.Mul(v, ops.Rsqrt(ops.AddScalar(ops.Mean(ops.Square(v), axes, true), eps)))
	if c.Has(1) {
		y = ops.Mul(y, c.X(1).to("float32").Value)
	}
	return one(y, x.DType)
}

// epsilon is keras.config.epsilon.
const epsilon = 1e-7

// scales returns an argument in the shape of the axes that it belongs to.
func (c *Call) scales(i int, x graph.Value, axes []int) graph.Value {
	v := c.X(i).to("float32").Value
	if len(v.Shape()) == len(x.Shape()) {
		return v
	}
	shape := slices.Repeat([]int{1}, len(x.Shape()))
	for _, a := range axes {
		shape[a] = x.Shape()[a]
	}
	return ops.Reshape(v, shape...)
}
