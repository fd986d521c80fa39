package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// BinaryAccuracy is how often yPred > threshold equals the target 0 or 1.
type BinaryAccuracy struct {
	Averaged
	Maximized
	// predictions above it mean 1
	Threshold *float64 `keras:"threshold,pos,default=0.5,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name,default=binary_accuracy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[BinaryAccuracy]("keras.metrics") }

// Update adds a batch.
func (m BinaryAccuracy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	t, p := losses.Align(yTrue, yPred)
	threshold := 0.5
	if m.Threshold != nil {
		threshold = *m.Threshold
	}
	c.Average(ops.Equal(t, ops.GreaterScalar(p, threshold)), weight)
}

var _ Metric = BinaryAccuracy{}
