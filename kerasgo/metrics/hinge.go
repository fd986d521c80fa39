package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// Hinge is the mean of max(1 - yTrue·yPred, 0), with targets -1 and 1 (or 0 and 1).
type Hinge struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=hinge"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[Hinge]("keras.metrics") }

// Update adds a batch.
func (Hinge) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.Hinge{}.Call(yTrue, yPred), weight)
}

var _ Metric = Hinge{}
