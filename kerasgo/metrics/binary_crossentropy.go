package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// BinaryCrossentropy is the mean binary crossentropy; see the loss of that name.
type BinaryCrossentropy struct {
	Averaged
	Minimized
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// share of the uniform distribution mixed into the labels
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name,default=binary_crossentropy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[BinaryCrossentropy]("keras.metrics", spec.Strings("bce", "BCE")) }

// Update adds a batch.
func (m BinaryCrossentropy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	l := losses.BinaryCrossentropy{FromLogits: m.FromLogits, LabelSmoothing: m.LabelSmoothing}
	c.Average(l.Call(yTrue, yPred), weight)
}

var _ Metric = BinaryCrossentropy{}
