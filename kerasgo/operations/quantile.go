package operations

import (
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Median]("numpy")
	register[Quantile]("numpy")
	register[Percentile]("numpy")
}

// Median takes the middle one of the sorted elements along axes, the mean of two if their number is even.
type Median struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Median) Call(c *Call) []Value {
	return c.quantiles(o.Axis, o.Keepdims, "linear", []float64{0.5}, true)
}

// Quantile interpolates the sorted elements along axes at fractions of their number.
// In models Keras 3.15.1 interpolates linearly whatever Method says, and so does this.
type Quantile struct {
	ofQ
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                                                            // axes that are taken together; None is all
	Method   string    `keras:"method,default=linear,enum=linear|lower|higher|midpoint|nearest"` // what lies between two elements
	Keepdims bool      `keras:"keepdims,default=false"`                                          // axes that are taken together stay, with length 1
}

func (o Quantile) Call(c *Call) []Value {
	return c.quantiles(o.Axis, o.Keepdims, "linear", c.fractions(1), c.single()) // whatever Method says
}

// Percentile interpolates the sorted elements along axes at percentages of their number.
type Percentile struct {
	ofQ
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                                                            // axes that are taken together; None is all
	Method   string    `keras:"method,default=linear,enum=linear|lower|higher|midpoint|nearest"` // what lies between two elements
	Keepdims bool      `keras:"keepdims,default=false"`                                          // axes that are taken together stay, with length 1
}

func (o Percentile) Call(c *Call) []Value {
	return c.quantiles(o.Axis, o.Keepdims, o.Method, c.fractions(100), c.single())
}

type ofQ struct{}

func (ofQ) Arguments() []string { return []string{"x", "q"} }

// fractions reads q, a number or a list, in units of 1/per.
func (c *Call) fractions(per float64) []float64 {
	var out []float64
	switch q := c.Arg(1).(type) {
	case int, float64:
		out = []float64{c.Number(1, 0)}
	case []any:
		for i := range q {
			out = append(out, NewCall(c.graph, q).Number(i, 0))
		}
	case *tensor.Tensor:
		for i := range q.Size() {
			out = append(out, q.Float64At(i))
		}
	}
	for i, x := range out {
		if out[i] = x / per; x < 0 || x > per {
			c.fail("q must lie between 0 and %v, got %v", per, x)
		}
	}
	if len(out) == 0 {
		c.fail("q must be numbers known when the model is made, not %s", describe(c.Arg(1)))
		return []float64{0}
	}
	return out
}

// single reports whether q is one number, whose result has no axis for q.
func (c *Call) single() bool {
	switch q := c.Arg(1).(type) {
	case []any:
		return false
	case *tensor.Tensor:
		return len(q.Shape()) == 0
	}
	return true
}

func (c *Call) quantiles(axis spec.Ints, keep bool, method string, fractions []float64, single bool) []Value {
	x := c.X(0)
	dtype, rank := realType(x.DType), len(x.Shape())
	axes := c.axes(axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	v := x.to(dtype).Value
	rest := slices.DeleteFunc(c.axes(nil, rank), func(i int) bool { return slices.Contains(axes, i) })
	v = ops.Transpose(v, append(slices.Clone(rest), axes...)...)
	shape := slices.Clone([]int(v.Shape()[:len(rest)]))
	v = ops.Sort(ops.Reshape(v, append(slices.Clone(shape), -1)...), len(rest))
	n := v.Shape()[len(rest)]
	if keep {
		shape = slices.Clone([]int(x.Shape()))
		for _, a := range axes {
			shape[a] = 1
		}
	}
	var parts []graph.Value
	for _, q := range fractions {
		at := q * float64(n-1)
		low, high := int(math.Floor(at)), int(math.Ceil(at))
		share := at - float64(low)
		switch method {
		case "lower":
			share = 0
		case "higher":
			low = high
		case "midpoint":
			share = 0.5
		case "nearest":
			low, share = int(math.RoundToEven(at)), 0
		}
		y := cut(v, len(rest), low, 1)
		if share > 0 && low != high {
			y = ops.Add(ops.MulScalar(y, 1-share), ops.MulScalar(cut(v, len(rest), high, 1), share))
		}
		parts = append(parts, ops.Reshape(y, shape...))
	}
	if single {
		return one(parts[0], dtype)
	}
	return one(ops.Stack(0, parts...), dtype)
}
