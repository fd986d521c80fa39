package operations

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lattice gives, for every element type, the next ones above it: Keras's rules of
// promotion, which are JAX's (https://docs.jax.dev/en/latest/type_promotion.html).
// int and float are plain numbers.
var lattice = map[string][]string{
	"bool":  {"int"},
	"uint8": {"int16", "uint16"}, "uint16": {"int32", "uint32"}, "uint32": {"int64", "uint64"}, "uint64": {"float"},
	"int":  {"uint8", "int8"},
	"int8": {"int16"}, "int16": {"int32"}, "int32": {"int64"}, "int64": {"float"},
	"float":    {"bfloat16", "float16"},
	"bfloat16": {"float32"}, "float16": {"float32"}, "float32": {"float64"}, "float64": {},
}

// above lists a type and all that it can be promoted to.
func above(t string) []string {
	list := []string{t}
	for i := 0; i < len(list); i++ {
		for _, n := range lattice[list[i]] {
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

// leastUpper returns the least type that all can be promoted to.
func leastUpper(types ...string) string {
	common := above(types[0])
	for _, t := range types[1:] {
		up := above(t)
		common = slices.DeleteFunc(common, func(s string) bool { return !slices.Contains(up, s) })
	}
	for _, t := range common { // the one from which all others are reached
		if !slices.ContainsFunc(common, func(s string) bool { return !slices.Contains(above(t), s) }) {
			return t
		}
	}
	return "float32"
}

// weakType is what a plain number of the type counts as.
func weakType(t string) string {
	switch {
	case t == "bool":
		return t
	case isFloat(t):
		return "float"
	}
	return "int"
}

// promote returns the type of the result of values: keras.backend.result_type.
func promote(values ...Value) string {
	var types []string
	weak := true
	for _, v := range values {
		t := v.DType
		if v.weak {
			t = weakType(t)
		}
		weak = weak && v.weak
		types = append(types, t)
	}
	switch t := leastUpper(types...); t {
	case "int":
		return "int32"
	case "float":
		return "float32"
	default:
		return t
	}
}

// realType returns the type in which functions of real numbers are computed: Keras's
// result_type(dtype, float), where int64 counts as floatx.
func realType(dtype string) string {
	if isFloat(dtype) {
		return dtype
	}
	return "float32"
}

// sumType returns the type of a sum: short integers are summed in 32 bits.
func sumType(dtype string) string {
	switch dtype {
	case "bool", "int8", "int16":
		return "int32"
	case "uint8", "uint16":
		return "uint32"
	}
	return dtype
}

// numberType is dtype, or int32 for truth values.
func numberType(dtype string) string {
	if dtype == "bool" {
		return "int32"
	}
	return dtype
}

func isFloat(dtype string) bool { return strings.Contains(dtype, "float") }

// engineType is the type in which the engine keeps values that Keras calls dtype.
func engineType(dtype string) tensor.DType {
	switch dtype {
	case "float64":
		return tensor.Float64
	case "int64", "uint32":
		return tensor.Int64
	case "int32", "int16", "int8", "uint8", "uint16":
		return tensor.Int32
	}
	return tensor.Float32 // bool among them: 0 and 1
}

// bits gives the lengths of the integer types that the engine does not have.
var bits = map[string]int{"uint8": 8, "uint16": 16, "uint32": 32, "int8": 8, "int16": 16}

// to casts a value as keras.ops.cast does: truth is what is not 0, fractions are cut
// off, integers too long lose their upper bits.
func (v Value) to(dtype string) Value {
	switch {
	case v.weak && dtype != "bool":
		return make1(v.Graph().Scalar(engineType(dtype), v.plain), dtype)
	case v.DType == dtype:
		return Value{Value: v.Value, DType: dtype}
	case dtype == "bool":
		return make1(ops.NotEqual(v.Value, ops.Scalar(v.Value, 0)), dtype)
	case bits[dtype] > 0 && v.DType != "bool":
		return make1(wrap(v.Value, dtype), dtype)
	}
	return make1(v.Value, dtype)
}

// wrap takes integers modulo the range of a short type.
func wrap(v graph.Value, dtype string) graph.Value {
	x := trunc(ops.Cast(v, tensor.Float64))
	size := float64(int64(1) << bits[dtype])
	low := 0.0
	if strings.HasPrefix(dtype, "int") {
		low = -size / 2
	}
	turns := ops.Floor(ops.DivScalar(ops.SubScalar(x, low), size))
	return ops.Sub(x, ops.MulScalar(turns, size))
}

// trunc cuts off fractions. Its gradient is zero, as Keras's is.
func trunc(x graph.Value) graph.Value { return ops.Mul(ops.Sign(x), ops.Floor(ops.Abs(x))) }

// promoted casts values to their common type.
func (c *Call) promoted(values ...Value) ([]Value, string) {
	dtype := promote(values...)
	out := make([]Value, len(values))
	for i, v := range values {
		out[i] = v.to(dtype)
	}
	return out, dtype
}

// pair returns the first two arguments in their common type.
func (c *Call) pair() (a, b graph.Value, dtype string) {
	p, dtype := c.promoted(c.X(0), c.X(1))
	return p[0].Value, p[1].Value, dtype
}

// realPair returns the first two arguments in their common floating-point type.
func (c *Call) realPair() (a, b graph.Value, dtype string) {
	x, y := c.X(0), c.X(1)
	dtype = realType(promote(x, y))
	return x.to(dtype).Value, y.to(dtype).Value, dtype
}

// real applies a function of real numbers to the first argument.
func (c *Call) real(f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	return one(f(x.to(dtype).Value), dtype)
}

// same applies a function that keeps the type.
func (c *Call) same(f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	return one(f(x.Value), x.DType)
}

// test applies a function that yields truth values.
func (c *Call) test(f func(graph.Value) graph.Value) []Value { return one(f(c.X(0).Value), "bool") }

// arith applies a function of two numbers in their common type; what leaves the
// range of a short integer type wraps round.
func (c *Call) arith(f func(a, b graph.Value) graph.Value) []Value {
	a, b, dtype := c.pair()
	y := f(a, b)
	if bits[dtype] > 0 {
		y = wrap(y, dtype)
	}
	return one(y, dtype)
}

// compare applies a function of two numbers that yields truth values.
func (c *Call) compare(f func(a, b graph.Value) graph.Value) []Value {
	a, b, _ := c.pair()
	return one(f(a, b), "bool")
}
