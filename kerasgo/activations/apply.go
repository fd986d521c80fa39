package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
)

// Func is the type of an activation function.
type Func = func(x graph.Value) graph.Value

// Apply computes act(x). Act is a Func, something with a method
// Call(graph.Value) graph.Value, or nil, which means linear; names have been
// resolved before (spec.Complete). Anything else is an error in the graph.
func Apply(act any, x graph.Value) graph.Value {
	switch f := act.(type) {
	case nil:
		return x
	case Func:
		return f(x)
	case interface{ Call(graph.Value) graph.Value }:
		return f.Call(x)
	}
	x.Graph().Errorf("activation: %T is no activation function", act)
	return x
}
