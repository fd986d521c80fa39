package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// RootMeanSquaredError is the square root of the mean of (yTrue-yPred)².
type RootMeanSquaredError struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=root_mean_squared_error"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[RootMeanSquaredError]("keras.metrics") }

// Update adds a batch. The mask of the predictions is ignored, as by Keras, in which it is
// lost when they are subtracted.
func (RootMeanSquaredError) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Mask = graph.Value{}
	t, p := losses.Align(yTrue, yPred)
	c.Average(ops.Square(ops.Sub(p, t)), weight)
}

// Result returns the root of the mean so far.
func (m RootMeanSquaredError) Result(c *Context) graph.Value { return ops.Sqrt(m.Averaged.Result(c)) }

var _ Metric = RootMeanSquaredError{}
