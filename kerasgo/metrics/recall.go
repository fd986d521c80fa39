package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Recall is the share of positive samples that were found.
type Recall struct {
	Maximized
	// predictions above it are positive, one result each; nil means 0.5, or none with top_k
	Thresholds []float64 `keras:"thresholds,pos,min=0,max=1"`
	// only the k largest predictions of a sample can be positive; 0 means all
	TopK int `keras:"top_k,min=1"`
	// look at this class only; nil means all
	ClassID *int `keras:"class_id"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[Recall]("keras.metrics") }

func (m Recall) counts() confusion {
	return confusion{thresholds: thresholdsOr(m.Thresholds, m.TopK), topK: m.TopK, classID: m.ClassID}
}

// State lists true_positives and false_negatives, one number for each threshold.
func (m Recall) State(yTrue, yPred tensor.Shape) []State {
	return m.counts().states(0, truePositives, falseNegatives)
}

// Update adds a batch.
func (m Recall) Update(c *Context, yTrue, yPred, weight graph.Value) {
	m.counts().update(c, yTrue, yPred, weight, map[string]string{truePositives: truePositives, falseNegatives: falseNegatives})
}

// Result returns the share, or one for each of several thresholds.
func (Recall) Result(c *Context) graph.Value {
	return single(share(c.State(truePositives), c.State(falseNegatives)))
}

var _ Metric = Recall{}
