package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Hinge computes mean(max(1 - yTrue·yPred, 0)) over the last axis. Targets are -1 or
// 1; targets that are all 0 or 1 are converted.
type Hinge struct {
	// name of the loss
	Name string `keras:"name,default=hinge"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[Hinge]("keras.losses") }

// Call computes the loss of each sample.
func (Hinge) Call(yTrue, yPred graph.Value) graph.Value { return lastMean(hinge(yTrue, yPred)) }

// hinge computes max(1 - yTrue·yPred, 0) for each element.
func hinge(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	binary := ops.Min(ops.Or(ops.Equal(t, ops.Scalar(t, 0)), ops.Equal(t, ops.Scalar(t, 1))), nil, false)
	t = ops.Add(t, ops.Mul(binary, ops.SubScalar(t, 1))) // 2t-1 if all are 0 or 1
	return ops.MaximumScalar(oneMinus(ops.Mul(t, p)), 0)
}

var _ Loss = Hinge{}
