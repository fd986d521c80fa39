package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Sigmoid computes 1/(1 + exp(-x)).
func Sigmoid(x graph.Value) graph.Value { return ops.Sigmoid(x) }

// HardSigmoid computes x/6 + 1/2, clipped to [0, 1].
func HardSigmoid(x graph.Value) graph.Value {
	return ops.DivScalar(Relu6(ops.AddScalar(x, 3)), 6)
}

// LogSigmoid computes log(1/(1 + exp(-x))) without overflow.
func LogSigmoid(x graph.Value) graph.Value { return ops.LogSigmoid(x) }

// SparseSigmoid computes (x + 1)/2, clipped to [0, 1].
func SparseSigmoid(x graph.Value) graph.Value {
	return ops.Clip(ops.MulScalar(ops.AddScalar(x, 1), 0.5), 0, 1)
}

func init() {
	spec.RegisterFunc(module, "sigmoid", Sigmoid)
	spec.RegisterFunc(module, "hard_sigmoid", HardSigmoid)
	spec.RegisterFunc(module, "log_sigmoid", LogSigmoid)
	spec.RegisterFunc(module, "sparse_sigmoid", SparseSigmoid)
}
