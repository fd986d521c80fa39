package operations

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/spec"
)

// Apply computes an operation on the values that the Call of a layer, a model, a loss or
// a step of one's own works with, as keras.ops does in Python code:
//
//	best := operations.Apply(operations.Argmax{Axis: new(-1)}, scores)
//	far := operations.Apply(operations.Where{}, near, x, 0.0)
//	parts := operations.ApplyMulti(operations.Split{Sections: 2, Axis: new(-1)}, x)
//
// Arguments are values, Go numbers and truth values, *tensor.Tensor, slices of any of
// them, Range and Ellipsis, and nil for Python's None; at least one is a value. A mistake
// is an error of the layer that is being traced. Package engine/ops has the usual
// operations as functions; keras.Op makes nodes of functional models.
func Apply(op Operation, args ...any) graph.Value { return ApplyMulti(op, args...)[0] }

// ApplyMulti is Apply for all results of an operation. After a mistake the list is long
// enough to be taken apart; the model is not run then.
func ApplyMulti(op Operation, args ...any) []graph.Value {
	var first graph.Value
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = applied(a, &first)
	}
	if !first.OK() {
		panic(fmt.Sprintf("operations: %T: none of the arguments is a value of a graph", op))
	}
	g := first.Graph()
	if g.Err() == nil {
		if out := compute(g, op, list); len(out) > 0 {
			return out
		}
	}
	dummies := make([]graph.Value, 16)
	for i := range dummies {
		dummies[i] = first
	}
	return dummies
}

// At returns a part of x, Python's x[…], by one index for each axis, as Symbol.At of
// package keras does: operations.At(x, keras.All, 0) is x[:, 0].
func At(x graph.Value, index ...any) graph.Value { return Apply(GetItem{}, x, index) }

// compute calls an operation; nil after a mistake.
func compute(g *graph.Graph, op Operation, args []any) []graph.Value {
	g.Push(strings.TrimPrefix(fmt.Sprintf("%T", op), "operations."))
	defer g.Pop()
	full, err := spec.CompleteAny(op)
	if err != nil {
		g.Errorf("%w", err)
		return nil
	}
	if names := op.Arguments(); len(args) > len(names) && !strings.HasSuffix(names[len(names)-1], "*") {
		g.Errorf("called with %d arguments; it takes %s", len(args), strings.Join(names, ", "))
		return nil
	}
	results, err := call(g, full.(Operation), args)
	if err != nil {
		g.Errorf("%w", err)
	}
	if g.Err() != nil {
		return nil
	}
	var out []graph.Value
	for _, r := range results {
		out = append(out, r.Value)
	}
	return out
}

// call runs the operation; what its arguments make the ops stumble over is an error.
func call(g *graph.Graph, op Operation, args []any) (out []Value, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errors.Join(g.Err(), fmt.Errorf("the arguments do not fit: %v", v))
		}
	}()
	return op.Call(NewCall(g, args)), nil
}

// applied brings an argument into the form that a Call has, and notes the first value.
func applied(a any, first *graph.Value) any {
	switch a := a.(type) {
	case graph.Value:
		if !first.OK() {
			*first = a
		}
		return Value{Value: a, DType: a.DType().String()}
	case []graph.Value:
		return appliedList(a, first)
	case []any:
		return appliedList(a, first)
	case []int:
		return appliedList(a, first)
	case []float64:
		return appliedList(a, first)
	case []float32:
		return appliedList(a, first)
	case float32:
		return float64(a)
	case int32:
		return int(a)
	case int64:
		return int(a)
	}
	return a
}

func appliedList[T any](list []T, first *graph.Value) any {
	out := make([]any, len(list))
	for i, a := range list {
		out[i] = applied(a, first)
	}
	return out
}
