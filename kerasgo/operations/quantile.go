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
	register[Nanmedian]("numpy")
	register[Nanquantile]("numpy")
	register[Nanpercentile]("numpy")
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
	dtype := realType(x.DType)
	v, shape := c.reducedLast(x.to(dtype).Value, axis, keep)
	if !c.ok() {
		return []Value{x}
	}
	last := len(v.Shape()) - 1
	v = ops.Sort(v, last)
	n := v.Shape()[last]
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
		y := cut(v, last, low, 1)
		if share > 0 && low != high {
			y = ops.Add(ops.MulScalar(y, 1-share), ops.MulScalar(cut(v, last, high, 1), share))
		}
		parts = append(parts, ops.Reshape(y, shape...))
	}
	if single {
		return one(parts[0], dtype)
	}
	return one(ops.Stack(0, parts...), dtype)
}

// Nanmedian is Median of the elements that are not NaN; NaN where there is none.
type Nanmedian struct {
	ofX
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                   // axes that are taken together; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Nanmedian) Call(c *Call) []Value {
	return c.nanQuantiles(o.Axis, o.Keepdims, "linear", []float64{0.5}, true)
}

// Nanquantile is Quantile of the elements that are not NaN, by any Method; NaN where there
// is none.
type Nanquantile struct {
	ofQ
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                                                            // axes that are taken together; None is all
	Method   string    `keras:"method,default=linear,enum=linear|lower|higher|midpoint|nearest"` // what lies between two elements
	Keepdims bool      `keras:"keepdims,default=false"`                                          // axes that are taken together stay, with length 1
}

func (o Nanquantile) Call(c *Call) []Value {
	return c.nanQuantiles(o.Axis, o.Keepdims, o.Method, c.fractions(1), c.single())
}

// Nanpercentile is Percentile of the elements that are not NaN; NaN where there is none.
type Nanpercentile struct {
	ofQ
	Name     string    `keras:"name"`
	Axis     spec.Ints `keras:"axis"`                                                            // axes that are taken together; None is all
	Method   string    `keras:"method,default=linear,enum=linear|lower|higher|midpoint|nearest"` // what lies between two elements
	Keepdims bool      `keras:"keepdims,default=false"`                                          // axes that are taken together stay, with length 1
}

func (o Nanpercentile) Call(c *Call) []Value {
	return c.nanQuantiles(o.Axis, o.Keepdims, o.Method, c.fractions(100), c.single())
}

// reducedLast makes the axes that are taken together one, the last, and returns the shape
// that is left without it.
func (c *Call) reducedLast(v graph.Value, axis spec.Ints, keep bool) (graph.Value, []int) {
	rank := len(v.Shape())
	axes := c.axes(axis, rank)
	if !c.ok() {
		return v, nil
	}
	old := v.Shape()
	rest := slices.DeleteFunc(c.axes(nil, rank), func(i int) bool { return slices.Contains(axes, i) })
	v = ops.Transpose(v, append(slices.Clone(rest), axes...)...)
	shape := slices.Clone([]int(v.Shape()[:len(rest)]))
	v = ops.Reshape(v, append(slices.Clone(shape), -1)...)
	if keep {
		shape = slices.Clone([]int(old))
		for _, a := range axes {
			shape[a] = 1
		}
	}
	return v, shape
}

// nanQuantiles sorts NaN behind all others and finds the places by how many there are.
func (c *Call) nanQuantiles(axis spec.Ints, keep bool, method string, fractions []float64, single bool) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	v, shape := c.reducedLast(x.to(dtype).Value, axis, keep)
	if !c.ok() {
		return []Value{x}
	}
	last := len(v.Shape()) - 1
	none := isnan(v)
	count := ops.Sum(ops.Not(none), []int{last}, true)
	v = ops.Sort(ops.Where(none, constant(v, math.Inf(1)), v), last)
	var parts []graph.Value
	for _, q := range fractions {
		at := ops.MaximumScalar(ops.MulScalar(ops.SubScalar(count, 1), q), 0)
		low, high := ops.Floor(at), ops.Ceil(at)
		share := ops.Sub(at, low)
		switch method {
		case "lower":
			share = constant(share, 0)
		case "higher":
			low = high
		case "midpoint":
			share = constant(share, 0.5)
		case "nearest":
			low, share = ops.Round(at), constant(share, 0)
		}
		read := func(at graph.Value) graph.Value { return ops.TakeAlong(v, ops.Cast(at, tensor.Int32), last) }
		a, b := read(low), read(high)
		y := ops.Where(ops.Equal(share, ops.Scalar(share, 0)), a, ops.Add(ops.Mul(a, ops.SubScalarFrom(1, share)), ops.Mul(b, share)))
		y = ops.Where(ops.Equal(count, ops.Scalar(count, 0)), constant(y, math.NaN()), y)
		parts = append(parts, ops.Reshape(y, shape...))
	}
	if single {
		return one(parts[0], dtype)
	}
	return one(ops.Stack(0, parts...), dtype)
}
