package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Relu computes max(x, 0).
func Relu(x graph.Value) graph.Value { return ops.Relu(x) }

// Relu6 computes min(max(x, 0), 6).
func Relu6(x graph.Value) graph.Value { return ops.MinimumScalar(ops.Relu(x), 6) }

// LeakyRelu computes x for x > 0 and 0.2·x elsewhere.
func LeakyRelu(x graph.Value) graph.Value { return LeakyReluWith(x, 0.2) }

// LeakyReluWith computes x for x > 0 and negativeSlope·x elsewhere.
func LeakyReluWith(x graph.Value, negativeSlope float64) graph.Value {
	return ops.Where(ops.Greater(x, ops.Scalar(x, 0)), x, ops.MulScalar(x, negativeSlope))
}

// ReluWith is Keras's general form of relu:
//
//	maxValue                      for x ≥ maxValue (nil: no bound)
//	x                             for threshold ≤ x < maxValue
//	negativeSlope·(x - threshold) elsewhere
func ReluWith(x graph.Value, negativeSlope float64, maxValue *float64, threshold float64) graph.Value {
	if threshold == 0 && maxValue == nil && negativeSlope != 0 {
		return LeakyReluWith(x, negativeSlope)
	}
	y := ops.Relu(x)
	if threshold != 0 {
		y = ops.Mul(x, ops.Greater(x, ops.Scalar(x, threshold)))
	}
	if maxValue != nil {
		y = ops.Clip(y, 0, *maxValue)
	}
	if negativeSlope == 0 {
		return y
	}
	below := ops.Relu(ops.AddScalar(ops.Neg(x), threshold))
	return ops.Sub(y, ops.MulScalar(below, negativeSlope))
}

// Threshold computes x for x > threshold and value elsewhere. Keras has no
// default for its parameters, so it has no name as a string.
func Threshold(x graph.Value, threshold, value float64) graph.Value {
	return ops.Where(ops.Greater(x, ops.Scalar(x, threshold)), x, ops.Scalar(x, value))
}

func init() {
	spec.RegisterFunc(module, "relu", Relu)
	spec.RegisterFunc(module, "relu6", Relu6)
	spec.RegisterFunc(module, "leaky_relu", LeakyRelu)
}
