package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanAbsolutePercentageError is 100 times the mean of |yTrue-yPred| / max(|yTrue|, 1e-7).
type MeanAbsolutePercentageError struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=mean_absolute_percentage_error"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() {
	spec.Register[MeanAbsolutePercentageError]("keras.metrics", spec.Strings("mape", "MAPE"))
}

// Update adds a batch.
func (MeanAbsolutePercentageError) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.MeanAbsolutePercentageError{}.Call(yTrue, yPred), weight)
}

var _ Metric = MeanAbsolutePercentageError{}
