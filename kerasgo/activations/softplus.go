package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Softplus computes log(1 + exp(x)) without overflow.
func Softplus(x graph.Value) graph.Value { return ops.Softplus(x) }

// Mish computes x·tanh(softplus(x)) (Misra, 2019).
func Mish(x graph.Value) graph.Value { return ops.Mul(x, ops.Tanh(ops.Softplus(x))) }

// Squareplus computes (x + √(x² + 4))/2.
func Squareplus(x graph.Value) graph.Value { return SquareplusWith(x, 4) }

// SquareplusWith computes (x + √(x² + b))/2.
func SquareplusWith(x graph.Value, b float64) graph.Value {
	return ops.MulScalar(ops.Add(x, ops.Sqrt(ops.AddScalar(ops.Square(x), b))), 0.5)
}

// SparsePlus computes 0 for x ≤ -1, (x + 1)²/4 for -1 < x < 1 and x elsewhere.
func SparsePlus(x graph.Value) graph.Value {
	mid := ops.MulScalar(ops.Square(ops.AddScalar(ops.Clip(x, -1, 1), 1)), 0.25)
	return ops.Where(ops.Less(x, ops.Scalar(x, 1)), mid, x)
}

func init() {
	spec.RegisterFunc(module, "softplus", Softplus)
	spec.RegisterFunc(module, "mish", Mish)
	spec.RegisterFunc(module, "squareplus", Squareplus)
	spec.RegisterFunc(module, "sparse_plus", SparsePlus)
}
