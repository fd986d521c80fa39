package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanSquaredError computes mean((yTrue-yPred)²) over the last axis.
//
// Targets and predictions (n, …, d); result (n, …).
type MeanSquaredError struct {
	// name of the loss
	Name string `keras:"name,default=mean_squared_error"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[MeanSquaredError]("keras.losses", spec.Strings("mse", "MSE")) }

// Call computes the loss of each sample.
func (MeanSquaredError) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	return lastMean(ops.Square(ops.Sub(t, p)))
}

var _ Loss = MeanSquaredError{}
