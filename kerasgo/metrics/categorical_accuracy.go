package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalAccuracy is how often the largest prediction is at the place of the
// largest target. Targets and predictions (n, …, k).
type CategoricalAccuracy struct {
	Averaged
	Maximized
	// name in the logs and the history
	Name string `keras:"name,default=categorical_accuracy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[CategoricalAccuracy]("keras.metrics") }

// Update adds a batch.
func (CategoricalAccuracy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	if !yTrue.Shape().Equal(yPred.Shape()) {
		c.Errorf("%w: CategoricalAccuracy wants targets of shape %v, got %v", graph.ErrShape, yPred.Shape(), yTrue.Shape())
		return
	}
	c.Average(ops.Equal(ops.ArgMax(yTrue, -1), ops.ArgMax(yPred, -1)), weight)
}

var _ Metric = CategoricalAccuracy{}
