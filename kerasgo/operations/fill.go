package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
	"math"
	"slices"
)

func init() {
	register[Cast]("core")
	register[OnesLike]("numpy")
	register[ZerosLike]("numpy")
	register[FullLike]("numpy")
	register[Size]("numpy")
	register[Where]("numpy")
	register[Select]("numpy")
	register[OneHot]("nn")
	register[MultiHot]("nn")
	register[Sort]("numpy")
	register[Argsort]("numpy")
	register[TopK]("math")
	register[Median]("numpy")
	register[Quantile]("numpy")
	register[Percentile]("numpy")
	register[Digitize]("numpy")
	register[IsIn]("numpy")
}

// Cast converts to another element type.
type Cast struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype,required,enum=bool|uint8|uint16|uint32|int8|int16|int32|int64|bfloat16|float16|float32|float64"` // element type of the result
}

func (o Cast) Call(c *Call) []Value { return []Value{c.X(0).to(o.DType)} }

// OnesLike yields ones in the shape of x.
type OnesLike struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o OnesLike) Call(c *Call) []Value { return c.filled(1, o.DType) }

// ZerosLike yields zeros in the shape of x.
type ZerosLike struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o ZerosLike) Call(c *Call) []Value { return c.filled(0, o.DType) }

// FullLike repeats a number in the shape of x.
type FullLike struct {
	ofFill
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o FullLike) Call(c *Call) []Value { return o.fill(c) }

// Size is the number of elements of x, as int32.
type Size struct {
	ofX
	Name string `keras:"name"`
}

func (Size) Call(c *Call) []Value {
	return one(c.graph.Scalar(tensor.Int32, float64(c.X(0).Shape().Size())), "int32")
}

// Where takes x1 where a condition holds, and x2 elsewhere, broadcast.
type Where struct {
	ofWhere
	Name string `keras:"name"`
}

func (Where) Call(c *Call) []Value { return where(c) }

// Select takes, element by element, from the choice whose condition is the first that holds, and the default where none does.
type Select struct {
	ofSelect
	Name string `keras:"name"`
}

func (Select) Call(c *Call) []Value { return selected(c) }

// OneHot yields, for each whole number, a row that is 1 at its place and 0 elsewhere; numbers outside get a row of zeros.
type OneHot struct {
	ofX
	Name       string `keras:"name"`
	NumClasses int    `keras:"num_classes,required,min=1"` // length of the rows
	Axis       *int   `keras:"axis,default=-1"`            // place of the rows in the result
	DType      string `keras:"dtype"`                      // element type of the result; None is float32
	Sparse     bool   `keras:"sparse,default=false"`       // must be false
}

func (o OneHot) Call(c *Call) []Value { return o.hot(c) }

// MultiHot yields, for each list of whole numbers, a row that is 1 at their places and 0 elsewhere.
type MultiHot struct {
	ofInputs
	Name       string `keras:"name"`
	NumClasses int    `keras:"num_classes,required,min=1"` // length of the rows
	Axis       *int   `keras:"axis,default=-1"`            // place of the rows in the result
	DType      string `keras:"dtype"`                      // element type of the result; None is float32
	Sparse     bool   `keras:"sparse,default=false"`       // must be false
}

func (o MultiHot) Call(c *Call) []Value { return o.hot(c) }

// Sort puts the elements along an axis into ascending order.
type Sort struct {
	ofX
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Sort) Call(c *Call) []Value { return o.sort(c) }

// Argsort returns the int32 places of the elements along an axis in ascending order.
type Argsort struct {
	ofX
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Argsort) Call(c *Call) []Value { return o.argsort(c) }

// TopK returns the K largest elements of the last axis, largest first, and their int32 places.
type TopK struct {
	ofX
	Name   string `keras:"name"`
	K      int    `keras:"k,required,min=1"`    // how many
	Sorted *bool  `keras:"sorted,default=true"` // the order is always this one
}

func (o TopK) Call(c *Call) []Value { return o.top(c) }

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

// Digitize returns the number of the bin that each element falls into: how many of the ascending edges are at most the element.
type Digitize struct {
	ofBins
	Name string `keras:"name"`
}

func (Digitize) Call(c *Call) []Value { return digitize(c) }

// IsIn is true for every element of x1 that is among those of x2.
type IsIn struct {
	ofPair
	Name         string `keras:"name"`
	AssumeUnique bool   `keras:"assume_unique,default=false"` // changes nothing
	Invert       bool   `keras:"invert,default=false"`        // true for elements that are not
}

func (o IsIn) Call(c *Call) []Value { return o.among(c) }

type (
	ofFill   struct{}
	ofWhere  struct{}
	ofSelect struct{}
	ofInputs struct{}
	ofQ      struct{}
	ofBins   struct{}
)

func (ofFill) Arguments() []string   { return []string{"x", "fill_value"} }
func (ofWhere) Arguments() []string  { return []string{"condition", "x1", "x2"} }
func (ofSelect) Arguments() []string { return []string{"condlist", "choicelist", "default"} }
func (ofInputs) Arguments() []string { return []string{"inputs"} }
func (ofQ) Arguments() []string      { return []string{"x", "q"} }
func (ofBins) Arguments() []string   { return []string{"x", "bins"} }

func (c *Call) filled(v float64, dtype string) []Value {
	x := c.X(0)
	if dtype == "" {
		dtype = x.DType
	}
	return one(ops.Fill(c.graph, graph.Spec{DType: engineType(dtype), Shape: x.Shape()}, v), dtype)
}

func (o FullLike) fill(c *Call) []Value {
	x, dtype := c.X(0), o.DType
	if dtype == "" {
		dtype = x.DType
	}
	return one(ops.BroadcastTo(c.X(1).to(dtype).Value, x.Shape()...), dtype)
}

func where(c *Call) []Value {
	if !c.Has(1) || !c.Has(2) {
		return c.failed("x1 and x2 are wanted; places of true elements have no fixed number")
	}
	p, dtype := c.promoted(c.X(1), c.X(2))
	return one(ops.Where(c.X(0).to("bool").Value, p[0].Value, p[1].Value), dtype)
}

func selected(c *Call) []Value {
	conds, choices := c.Xs(0), c.Xs(1)
	if len(conds) != len(choices) {
		return c.failed("%d conditions for %d choices", len(conds), len(choices))
	}
	otherwise := c.scalar(0)
	if c.Has(2) {
		otherwise = c.X(2)
	}
	all, dtype := c.promoted(append(slices.Clone(choices), otherwise)...)
	y := all[len(choices)].Value
	for i, cond := range slices.Backward(conds) {
		y = ops.Where(cond.to("bool").Value, all[i].Value, y)
	}
	return one(y, dtype)
}

// oneHot puts rows of length n at an axis of the result.
func (c *Call) oneHot(x Value, n, axis int, dtype string) graph.Value {
	y := ops.OneHot(ops.Cast(x.Value, tensor.Int32), n, engineType(dtype))
	rank := len(y.Shape())
	axis = c.axis(axis, rank)
	if axis == rank-1 || !c.ok() {
		return y
	}
	order := c.axes(nil, rank-1)
	return ops.Transpose(y, slices.Insert(order, axis, rank-1)...)
}

func (o OneHot) hot(c *Call) []Value {
	if o.Sparse {
		return c.failed("sparse is not supported")
	}
	dtype := o.DType
	if dtype == "" {
		dtype = "float32"
	}
	return one(c.oneHot(c.X(0), o.NumClasses, *o.Axis, dtype), dtype)
}

func (o MultiHot) hot(c *Call) []Value {
	x := c.X(0)
	if o.Sparse {
		return c.failed("sparse is not supported")
	}
	dtype := o.DType
	if dtype == "" {
		dtype = "float32"
	}
	y := c.oneHot(x, o.NumClasses, *o.Axis, dtype)
	along := 0 // the axis of the list: the last one of x, but the only one of a vector
	if len(x.Shape()) > 1 {
		along = 1
	}
	return one(ops.Max(y, []int{along}, false), dtype)
}

func (o Sort) sort(c *Call) []Value {
	x := c.X(0)
	return one(ops.Sort(x.Value, c.axis(*o.Axis, len(x.Shape()))), x.DType)
}

func (o Argsort) argsort(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	v := x.Value
	order := c.axes(nil, rank)
	order[a], order[rank-1] = rank-1, a
	v = ops.Transpose(v, order...)
	_, ids := ops.TopK(ops.Neg(v), v.Shape()[rank-1])
	return one(ops.Transpose(ids, order...), "int32")
}

func (o TopK) top(c *Call) []Value {
	x := c.X(0)
	values, ids := ops.TopK(x.Value, o.K)
	return []Value{make1(values, x.DType), make1(ids, "int32")}
}

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

func digitize(c *Call) []Value {
	x, bins := c.X(0), c.X(1)
	p, _ := c.promoted(x, bins)
	if len(bins.Shape()) != 1 {
		return c.failed("a list of edges is wanted, not shape %v", bins.Shape())
	}
	v := ops.ExpandDims(p[0].Value, len(x.Shape()))
	count := ops.Sum(ops.Cast(ops.GreaterEqual(v, p[1].Value), tensor.Int32), []int{len(x.Shape())}, false)
	return one(count, "int32")
}

func (o IsIn) among(c *Call) []Value {
	a, b, _ := c.pair()
	v := ops.ExpandDims(a, len(a.Shape()))
	y := ops.Max(ops.Equal(v, ops.Reshape(b, -1)), []int{len(a.Shape())}, false)
	if o.Invert {
		y = ops.Not(y)
	}
	return one(y, "bool")
}
