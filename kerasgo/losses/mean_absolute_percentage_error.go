package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanAbsolutePercentageError computes 100·mean(|yTrue-yPred| / max(|yTrue|, 1e-7))
// over the last axis.
type MeanAbsolutePercentageError struct {
	// name of the loss
	Name string `keras:"name,default=mean_absolute_percentage_error"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[MeanAbsolutePercentageError]("keras.losses", spec.Strings("mape", "MAPE")) }

// Call computes the loss of each sample.
func (MeanAbsolutePercentageError) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	rel := ops.Abs(ops.Div(ops.Sub(t, p), ops.MaximumScalar(ops.Abs(t), Epsilon)))
	return ops.MulScalar(lastMean(rel), 100)
}

var _ Loss = MeanAbsolutePercentageError{}
