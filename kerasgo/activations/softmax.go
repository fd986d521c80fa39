package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Softmax computes exp(x - max)/sum(exp(x - max)) over the last axis.
func Softmax(x graph.Value) graph.Value { return ops.Softmax(x, -1) }

// LogSoftmax computes log(Softmax(x)) without underflow.
func LogSoftmax(x graph.Value) graph.Value { return ops.LogSoftmax(x, -1) }

// Sparsemax projects the last axis onto the probability simplex: max(x - τ, 0),
// with τ such that the result sums to 1 (Martins and Astudillo, "From softmax to
// sparsemax", 2016). Keras 3.15.1 computes another τ, with which the result can be
// all zeros; this is the paper's.
func Sparsemax(x graph.Value) graph.Value {
	// With z sorted in descending order, the support is the first k elements,
	// where k is the largest index with 1 + k·z_k > z_1 + … + z_k.
	z := ops.Flip(ops.Sort(ops.StopGradient(x), -1), -1)
	sums := ops.CumSum(z, -1)
	k := ops.CumSum(ops.AddScalar(ops.MulScalar(z, 0), 1), -1)
	in := ops.Greater(ops.AddScalar(ops.Mul(k, z), 1), sums)
	count := ops.Sum(in, []int{-1}, true)
	tau := ops.Div(ops.SubScalar(ops.Sum(ops.Mul(in, z), []int{-1}, true), 1), count)
	// The gradient of τ is the mean over the support.
	support := ops.Greater(ops.StopGradient(x), tau)
	tau = ops.Div(ops.SubScalar(ops.Sum(ops.Mul(support, x), []int{-1}, true), 1), count)
	return ops.Mul(support, ops.Sub(x, tau))
}

func init() {
	spec.RegisterFunc(module, "softmax", Softmax)
	spec.RegisterFunc(module, "log_softmax", LogSoftmax)
	spec.RegisterFunc(module, "sparsemax", Sparsemax)
}
