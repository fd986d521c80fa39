package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SparseTopKCategoricalAccuracy is how often the target, a class number, is among the
// K largest predictions. Targets (n, …) or (n, …, 1), predictions (n, …, c).
type SparseTopKCategoricalAccuracy struct {
	Averaged
	Maximized
	// number of predictions looked at
	K int `keras:"k,pos,default=5,min=1"`
	// predictions are class numbers, best first
	FromSortedIDs bool `keras:"from_sorted_ids,omitdefault"`
	// name in the logs and the history
	Name string `keras:"name,default=sparse_top_k_categorical_accuracy"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[SparseTopKCategoricalAccuracy]("keras.metrics") }

// Update adds a batch.
func (m SparseTopKCategoricalAccuracy) Update(c *Context, yTrue, yPred, weight graph.Value) {
	ids := classes(yTrue, yPred)
	if !m.FromSortedIDs {
		c.Average(inTopK(ops.Cast(ids, tensor.Int32), yPred, m.K), weight)
		return
	}
	s := yPred.Shape().Clone()
	s[len(s)-1] = min(m.K, s.Last())
	best := ops.Slice(yPred, make([]int, len(s)), s)
	c.Average(ops.Max(ops.Equal(ops.ExpandDims(ids, -1), best), []int{-1}, false), weight)
}

var _ Metric = SparseTopKCategoricalAccuracy{}
