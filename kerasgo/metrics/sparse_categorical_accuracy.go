package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// SparseCategoricalAccuracy is how often the largest prediction is at the place that
// the target, a class number, says. Targets (n, …) or (n, …, 1), predictions (n, …, k).
type SparseCategoricalAccuracy struct {
	Averaged
	Maximized
	// name in the logs and the history
	Name string `keras:"name,default=sparse_categorical_accuracy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[SparseCategoricalAccuracy]("keras.metrics") }

// Update adds a batch.
func (SparseCategoricalAccuracy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	ids := classes(yTrue, yPred)
	if r := yPred.Shape().Rank(); r == 0 || !ids.Shape().Equal(yPred.Shape()[:r-1]) {
		c.Errorf("%w: SparseCategoricalAccuracy does not fit targets %v to predictions %v", graph.ErrShape, yTrue.Shape(), yPred.Shape())
		return
	}
	// Compared as numbers, not as integers: a target of 0.5 matches no class.
	c.Average(ops.Equal(ids, ops.Cast(ops.ArgMax(yPred, -1), ids.DType())), weight)
}

// classes returns sparse targets in the type of the predictions and without a
// trailing axis of length 1.
func classes(yTrue, yPred graph.Value) graph.Value {
	t := ops.Cast(yTrue, yPred.DType())
	if s := t.Shape(); s.Rank() == yPred.Shape().Rank() && s.Last() == 1 {
		t = ops.Squeeze(t, -1)
	}
	return t
}

var _ Metric = SparseCategoricalAccuracy{}
