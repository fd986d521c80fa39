package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanAbsoluteError is the mean of |yTrue-yPred|.
type MeanAbsoluteError struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=mean_absolute_error"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[MeanAbsoluteError]("keras.metrics", spec.Strings("mae", "MAE")) }

// Update adds a batch.
func (MeanAbsoluteError) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.MeanAbsoluteError{}.Call(yTrue, yPred), weight)
}

var _ Metric = MeanAbsoluteError{}
