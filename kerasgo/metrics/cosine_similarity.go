package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// CosineSimilarity is the mean cosine of the angle between targets and predictions.
// Its sign is the opposite of the loss of that name.
type CosineSimilarity struct {
	Averaged
	Maximized
	// Axis is the axis of the vectors; Keras itself does not save it.
	Axis *int `keras:"axis,default=-1,omitdefault"`
	// name in the logs and the history
	Name string `keras:"name,default=cosine_similarity"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[CosineSimilarity]("keras.metrics") }

// Update adds a batch.
func (m CosineSimilarity) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(ops.Neg(losses.CosineSimilarity{Axis: m.Axis}.Call(yTrue, yPred)), weight)
}

var _ Metric = CosineSimilarity{}
