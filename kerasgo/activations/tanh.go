package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Tanh computes the hyperbolic tangent.
func Tanh(x graph.Value) graph.Value { return ops.Tanh(x) }

// HardTanh clips x to [-1, 1].
func HardTanh(x graph.Value) graph.Value { return ops.Clip(x, -1, 1) }

// Softsign computes x/(|x| + 1).
func Softsign(x graph.Value) graph.Value {
	return ops.Div(x, ops.AddScalar(ops.Abs(x), 1))
}

func init() {
	spec.RegisterFunc(module, "tanh", Tanh)
	spec.RegisterFunc(module, "hard_tanh", HardTanh)
	spec.RegisterFunc(module, "softsign", Softsign)
}
