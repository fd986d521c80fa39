package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// LogCoshError is the mean of log(cosh(yPred-yTrue)).
type LogCoshError struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=logcosh"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[LogCoshError]("keras.metrics") }

// Update adds a batch.
func (LogCoshError) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.LogCosh{}.Call(yTrue, yPred), weight)
}

var _ Metric = LogCoshError{}
