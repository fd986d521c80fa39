package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanSquaredLogarithmicError is the mean of (log(1+yTrue) - log(1+yPred))².
type MeanSquaredLogarithmicError struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=mean_squared_logarithmic_error"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() {
	spec.Register[MeanSquaredLogarithmicError]("keras.metrics", spec.Strings("msle", "MSLE"))
}

// Update adds a batch.
func (MeanSquaredLogarithmicError) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.MeanSquaredLogarithmicError{}.Call(yTrue, yPred), weight)
}

var _ Metric = MeanSquaredLogarithmicError{}
