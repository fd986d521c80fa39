package activations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Gelu computes x·Φ(x) = x·(1 + erf(x/√2))/2 (Hendrycks and Gimpel, "Gaussian
// error linear units", 2016).
func Gelu(x graph.Value) graph.Value {
	return ops.Mul(ops.MulScalar(x, 0.5), ops.AddScalar(ops.Erf(ops.MulScalar(x, math.Sqrt2/2)), 1))
}

// GeluTanh computes the approximation x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2,
// Keras's gelu with approximate=True.
func GeluTanh(x graph.Value) graph.Value {
	inner := ops.Mul(x, ops.AddScalar(ops.MulScalar(ops.Square(x), 0.044715), 1))
	t := ops.Tanh(ops.MulScalar(inner, math.Sqrt(2/math.Pi)))
	return ops.Mul(ops.MulScalar(x, 0.5), ops.AddScalar(t, 1))
}

func init() { spec.RegisterFunc(module, "gelu", Gelu) }
