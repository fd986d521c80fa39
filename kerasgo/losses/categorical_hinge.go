package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalHinge computes max(neg - pos + 1, 0) with pos = sum(yTrue·yPred) and
// neg = max((1-yTrue)·yPred) over the last axis. Targets are one-hot.
type CategoricalHinge struct {
	// name of the loss
	Name string `keras:"name,default=categorical_hinge"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[CategoricalHinge]("keras.losses") }

// Call computes the loss of each sample.
func (CategoricalHinge) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	pos := ops.Sum(ops.Mul(t, p), last, false)
	neg := ops.Max(ops.Mul(oneMinus(t), p), last, false)
	return ops.MaximumScalar(ops.AddScalar(ops.Sub(neg, pos), 1), 0)
}

var _ Loss = CategoricalHinge{}
