package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// HardShrink computes x where |x| > 0.5 and 0 elsewhere.
func HardShrink(x graph.Value) graph.Value { return HardShrinkWith(x, 0.5) }

// HardShrinkWith computes x where |x| > threshold and 0 elsewhere.
func HardShrinkWith(x graph.Value, threshold float64) graph.Value {
	return ops.Mul(x, ops.Greater(ops.Abs(x), ops.Scalar(x, threshold)))
}

// SoftShrink moves x by 0.5 toward 0, not beyond.
func SoftShrink(x graph.Value) graph.Value { return SoftShrinkWith(x, 0.5) }

// SoftShrinkWith computes x - threshold above threshold, x + threshold below
// -threshold and 0 between.
func SoftShrinkWith(x graph.Value, threshold float64) graph.Value {
	return ops.Sub(ops.Relu(ops.SubScalar(x, threshold)), ops.Relu(ops.SubScalar(ops.Neg(x), threshold)))
}

// TanhShrink computes x - tanh(x).
func TanhShrink(x graph.Value) graph.Value { return ops.Sub(x, ops.Tanh(x)) }

func init() {
	spec.RegisterFunc(module, "hard_shrink", HardShrink)
	spec.RegisterFunc(module, "soft_shrink", SoftShrink)
	spec.RegisterFunc(module, "tanh_shrink", TanhShrink)
}
