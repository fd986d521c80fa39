package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// SparseCategoricalCrossentropy is the mean crossentropy of class numbers; see the
// loss of that name. Samples of the ignored class count as 0 unless there are sample
// weights, which leave them out (as in Keras).
type SparseCategoricalCrossentropy struct {
	Averaged
	Minimized
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// class that has no crossentropy; nil means none
	IgnoreClass *int `keras:"ignore_class,since=3.14"`
	// axis of the classes, the last
	Axis *int `keras:"axis,default=-1"`
	// name in the logs and the history
	Name string `keras:"name,default=sparse_categorical_crossentropy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[SparseCategoricalCrossentropy]("keras.metrics") }

// Update adds a batch.
func (m SparseCategoricalCrossentropy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	l := losses.SparseCategoricalCrossentropy{FromLogits: m.FromLogits, IgnoreClass: m.IgnoreClass, Axis: m.Axis}
	if mask := l.Mask(yTrue, yPred); mask.OK() {
		switch {
		case weight.OK():
			weight, mask = losses.SameRank(weight, mask)
			weight = ops.Mul(losses.ExpandTo(weight, mask.Shape()), mask)
		case c.Mask.OK(): // Keras leaves the class out of the mean where something else weighs
			weight = mask
		}
	}
	c.Average(l.Call(yTrue, yPred), weight)
}

var _ Metric = SparseCategoricalCrossentropy{}
