package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Constants of selu (Klambauer, Unterthiner, Mayr and Hochreiter,
// "Self-normalizing neural networks", 2017): with them mean 0 and variance 1 are
// a fixed point.
const (
	seluScale = 1.0507009873554804934193349852946
	seluAlpha = 1.6732632423543772848170429916717
)

// Elu computes x for x > 0 and exp(x) - 1 elsewhere.
func Elu(x graph.Value) graph.Value { return EluWith(x, 1) }

// EluWith computes x for x > 0 and alpha·(exp(x) - 1) elsewhere.
func EluWith(x graph.Value, alpha float64) graph.Value {
	return ops.Where(ops.Greater(x, ops.Scalar(x, 0)), x, ops.MulScalar(expm1Below(x), alpha))
}

// Selu computes the scaled elu: x·scale for x ≥ 0 and alpha·scale·(exp(x) - 1)
// elsewhere.
func Selu(x graph.Value) graph.Value {
	// ≥, not > as in elu: the two slopes at 0 differ, and TensorFlow takes this one.
	y := ops.Where(ops.GreaterEqual(x, ops.Scalar(x, 0)), x, ops.MulScalar(expm1Below(x), seluAlpha))
	return ops.MulScalar(y, seluScale)
}

// Celu computes max(x, 0) + min(0, exp(x) - 1).
func Celu(x graph.Value) graph.Value { return CeluWith(x, 1) }

// CeluWith computes max(x, 0) + min(0, alpha·(exp(x/alpha) - 1)).
func CeluWith(x graph.Value, alpha float64) graph.Value {
	low := ops.MulScalar(expm1Below(ops.DivScalar(x, alpha)), alpha)
	return ops.Where(ops.Greater(x, ops.Scalar(x, 0)), x, low)
}

// expm1Below computes exp(x) - 1 where x ≤ 0. Above, it stays at 0, so that no
// infinity meets the zero gradient of the branch that is not taken.
func expm1Below(x graph.Value) graph.Value { return ops.Expm1(ops.MinimumScalar(x, 0)) }

func init() {
	spec.RegisterFunc(module, "elu", Elu)
	spec.RegisterFunc(module, "selu", Selu)
	spec.RegisterFunc(module, "celu", Celu)
}
