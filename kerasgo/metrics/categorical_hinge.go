package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalHinge is the mean of max(neg - pos + 1, 0); see the loss of that name.
type CategoricalHinge struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=categorical_hinge"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[CategoricalHinge]("keras.metrics") }

// Update adds a batch.
func (CategoricalHinge) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.CategoricalHinge{}.Call(yTrue, yPred), weight)
}

var _ Metric = CategoricalHinge{}
