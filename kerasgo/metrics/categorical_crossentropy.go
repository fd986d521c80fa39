package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalCrossentropy is the mean crossentropy of one-hot targets; see the loss
// of that name.
type CategoricalCrossentropy struct {
	Averaged
	Minimized
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// share of the uniform distribution mixed into the labels
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	// axis of the classes
	Axis *int `keras:"axis,default=-1"`
	// name in the logs and the history
	Name string `keras:"name,default=categorical_crossentropy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[CategoricalCrossentropy]("keras.metrics") }

// Update adds a batch.
func (m CategoricalCrossentropy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	l := losses.CategoricalCrossentropy{FromLogits: m.FromLogits, LabelSmoothing: m.LabelSmoothing, Axis: m.Axis}
	c.Average(l.Call(yTrue, yPred), weight)
}

var _ Metric = CategoricalCrossentropy{}
