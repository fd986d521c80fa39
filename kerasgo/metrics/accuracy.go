package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// Accuracy is how often predictions equal targets exactly. The string "accuracy" does
// not mean this class; see ResolveAccuracy.
type Accuracy struct {
	Averaged
	Maximized
	// name in the logs and the history
	Name string `keras:"name,default=accuracy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[Accuracy]("keras.metrics") }

// Update adds a batch.
func (Accuracy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(ops.Equal(losses.Align(yTrue, yPred)), weight)
}

var _ Metric = Accuracy{}
