package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanSquaredError is the mean of (yTrue-yPred)².
type MeanSquaredError struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=mean_squared_error"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[MeanSquaredError]("keras.metrics", spec.Strings("mse", "MSE")) }

// Update adds a batch.
func (MeanSquaredError) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.MeanSquaredError{}.Call(yTrue, yPred), weight)
}

var _ Metric = MeanSquaredError{}
