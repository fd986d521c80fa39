package operations

import (
	"reflect"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Operation is a computation without weights, a node of a functional model.
type Operation interface {
	// Arguments names what the operation is called with, in Keras's order. A name
	// that ends in "*" takes all arguments that are left.
	Arguments() []string
	// Call computes the outputs while the model is traced.
	Call(c *Call) []Value
}

// Keyworded is an operation some of whose arguments keras.ops passes by name, which
// shows in files.
type Keyworded interface{ Keywords() []string }

// Value is a value of the graph with Keras's name of its element type. The engine
// computes truth values, which Keras calls bool, as 0 and 1 in float32, the short
// floats rounded in float32, and the short integers in int32.
type Value struct {
	graph.Value
	DType string
	weak  bool    // a plain number, which takes the type of what it meets
	plain float64 // its value
}

// Range is an index of GetItem: Python's start:stop:step, nil where nothing stands.
type Range struct{ Start, Stop, Step *int }

// Ellipsis is an index of GetItem: "...", all axes that the other indices leave.
type Ellipsis struct{}

// Call is one call of an operation: its arguments and the graph it computes in.
type Call struct {
	graph *graph.Graph
	args  []any
}

// NewCall returns a call with the given arguments, in the order of the operation's
// Arguments: Values, numbers, truth values, strings, *tensor.Tensor, lists of them,
// Range, Ellipsis, and nil for what is left out.
func NewCall(g *graph.Graph, args []any) *Call { return &Call{g, args} }

// Len returns the number of arguments.
func (c *Call) Len() int { return len(c.args) }

// Arg returns an argument as it was given, nil if it was left out.
func (c *Call) Arg(i int) any {
	if i >= len(c.args) {
		return nil
	}
	return c.args[i]
}

// X returns an argument as a value; numbers and arrays become constants.
func (c *Call) X(i int) Value { return c.value(c.Arg(i)) }

// Xs returns an argument that is a list of values.
func (c *Call) Xs(i int) []Value {
	list, ok := c.Arg(i).([]any)
	if !ok { // one tensor is the list of its parts along the first axis
		x := c.X(i)
		if !c.ok() || len(x.Shape()) == 0 || x.Shape()[0] > maxParts {
			c.fail("a list of at most %d tensors is wanted", maxParts)
			return []Value{x}
		}
		return unstack(x, 0)
	}
	var out []Value
	for _, a := range list {
		out = append(out, c.value(a))
	}
	if len(out) == 0 {
		c.fail("the list of tensors is empty")
		return []Value{c.scalar(0.0)}
	}
	return out
}

// Has reports whether an argument was given.
func (c *Call) Has(i int) bool { return c.Arg(i) != nil }

// Number returns an argument that must be known when the model is made.
func (c *Call) Number(i int, otherwise float64) float64 {
	switch v := c.Arg(i).(type) {
	case nil:
		return otherwise
	case int:
		return float64(v)
	case float64:
		return v
	case bool:
		if v {
			return 1
		}
		return 0
	}
	c.fail("argument %d must be a number", i)
	return otherwise
}

func (c *Call) ok() bool { return c.graph.Err() == nil }

// fail records that the operation cannot compute its output.
func (c *Call) fail(format string, args ...any) { c.graph.Errorf(format, args...) }

// failed is what a call returns after fail.
func (c *Call) failed(format string, args ...any) []Value {
	c.fail(format, args...)
	return []Value{c.scalar(0.0)}
}

// value turns an argument into a value.
func (c *Call) value(a any) Value {
	switch a := a.(type) {
	case Value:
		return a.normal()
	case int, float64, bool:
		return c.scalar(a)
	case *tensor.Tensor:
		return Value{Value: c.graph.Constant(a), DType: a.DType().String()}.normal()
	case []any:
		return c.list(a)
	case nil:
		c.fail("an argument is missing")
	default:
		c.fail("a value of type %T is no tensor", a)
	}
	return c.scalar(0.0)
}

// normal returns the value in the type in which the engine computes its like.
func (v Value) normal() Value {
	if t := engineType(v.DType); v.Value.DType() != t {
		v.Value = ops.Cast(v.Value, t)
	}
	return v
}

// scalar makes a constant of a plain number, which is weak, or of a truth value.
func (c *Call) scalar(a any) Value {
	switch a := a.(type) {
	case int:
		return Value{c.graph.Scalar(tensor.Int32, float64(a)), "int32", true, float64(a)}
	case bool:
		x := 0.0
		if a {
			x = 1
		}
		return Value{c.graph.Scalar(tensor.Float32, x), "bool", false, 0}
	}
	return Value{c.graph.Scalar(tensor.Float32, a.(float64)), "float32", true, a.(float64)}
}

// list turns nested lists of numbers, or a list of values, into one value.
func (c *Call) list(a []any) Value {
	parts := make([]Value, len(a))
	for i, x := range a {
		parts[i] = c.value(x)
	}
	if len(parts) == 0 || !c.ok() {
		c.fail("an empty list is no tensor")
		return c.scalar(0.0)
	}
	parts, dtype := c.promoted(parts...)
	values := make([]graph.Value, len(parts))
	for i, p := range parts {
		values[i] = p.Value
	}
	return Value{Value: ops.Stack(0, values...), DType: dtype}
}

// one is what an operation with one output returns. The short floats are rounded.
func one(v graph.Value, dtype string) []Value { return []Value{make1(v, dtype)} }

func make1(v graph.Value, dtype string) Value {
	if t := engineType(dtype); v.DType() != t {
		v = ops.Cast(v, t)
	}
	if isFloat(dtype) {
		v = layers.CastFloat(v, dtype)
	}
	return Value{Value: v, DType: dtype}
}

// register makes an operation of keras.src.ops.<module> known.
func register[T Operation](module string) {
	spec.Register[T]("keras.src.ops."+module, spec.RegisteredName(reflect.TypeFor[T]().Name()))
}

// The arguments of most operations; embedded.
type (
	ofX    struct{}
	ofPair struct{}
	ofBits struct{}
	ofList struct{}
)

func (ofX) Arguments() []string    { return []string{"x"} }
func (ofPair) Arguments() []string { return []string{"x1", "x2"} }
func (ofBits) Arguments() []string { return []string{"x", "y"} }
func (ofList) Arguments() []string { return []string{"xs"} }

// maxParts and maxPlaces bound what the arguments of an operation may ask for: files
// come from anywhere.
const maxParts, maxPlaces = 4096, 1 << 26

// sized reports whether the elements of a shape are in bounds, and fails if they are not.
func (c *Call) sized(shape ...int) bool {
	n := 1
	for _, k := range shape {
		if !c.within("elements", k, maxPlaces) || !c.within("elements", n*k, maxPlaces) {
			return false
		}
		n *= k
	}
	return true
}

// within reports whether a number is in bounds, and fails if it is not.
func (c *Call) within(what string, n, limit int) bool {
	if n < 0 || n > limit {
		c.fail("%s: %d is out of bounds, at most %d", what, n, limit)
		return false
	}
	return true
}

type ofInputs struct{}

func (ofInputs) Arguments() []string { return []string{"inputs"} }
