package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

const module = "keras.activations"

// Linear returns x.
func Linear(x graph.Value) graph.Value { return x }

// Exponential computes exp(x).
func Exponential(x graph.Value) graph.Value { return ops.Exp(x) }

func init() {
	spec.RegisterFunc(module, "linear", Linear)
	spec.RegisterFunc(module, "exponential", Exponential)
}
