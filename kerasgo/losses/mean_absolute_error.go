package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanAbsoluteError computes mean(|yTrue-yPred|) over the last axis.
type MeanAbsoluteError struct {
	// name of the loss
	Name string `keras:"name,default=mean_absolute_error"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[MeanAbsoluteError]("keras.losses", spec.Strings("mae", "MAE")) }

// Call computes the loss of each sample.
func (MeanAbsoluteError) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	return lastMean(ops.Abs(ops.Sub(t, p)))
}

var _ Loss = MeanAbsoluteError{}
