package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanSquaredLogarithmicError computes mean((log(1+yTrue) - log(1+yPred))²) over the
// last axis; values below 1e-7 count as 1e-7.
type MeanSquaredLogarithmicError struct {
	// name of the loss
	Name string `keras:"name,default=mean_squared_logarithmic_error"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[MeanSquaredLogarithmicError]("keras.losses", spec.Strings("msle", "MSLE")) }

// Call computes the loss of each sample.
func (MeanSquaredLogarithmicError) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	log := func(x graph.Value) graph.Value { return ops.Log(ops.AddScalar(ops.MaximumScalar(x, Epsilon), 1)) }
	return lastMean(ops.Square(ops.Sub(log(p), log(t))))
}

var _ Loss = MeanSquaredLogarithmicError{}
