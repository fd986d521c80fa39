package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// TopKCategoricalAccuracy is how often the place of the largest target is among the K
// largest predictions. Targets and predictions (n, …, k).
type TopKCategoricalAccuracy struct {
	Averaged
	Maximized
	// number of predictions looked at
	K int `keras:"k,pos,default=5,min=1"`
	// name in the logs and the history
	Name string `keras:"name,default=top_k_categorical_accuracy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[TopKCategoricalAccuracy]("keras.metrics") }

// Update adds a batch.
func (m TopKCategoricalAccuracy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(inTopK(ops.ArgMax(yTrue, -1), yPred, m.K), weight)
}

// inTopK returns 1 where fewer than k predictions are larger than the one that ids
// points at. ids (n, …), predictions (n, …, c).
func inTopK(ids, p graph.Value, k int) graph.Value {
	pick := ops.OneHot(ids, p.Shape().Last(), p.DType())
	target := ops.Sum(ops.Mul(pick, p), []int{-1}, true)
	larger := ops.Sum(ops.Greater(p, target), []int{-1}, false)
	return ops.Less(larger, ops.Scalar(larger, float64(k)))
}

var _ Metric = TopKCategoricalAccuracy{}
