package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// PrecisionAtRecall is the best precision over thresholds at which the recall is at
// least the given one. Sensitivity is another name of recall; specificity is the
// share of negative samples that were predicted negative.
type PrecisionAtRecall struct {
	Maximized
	// look at this class only; nil means all
	ClassID *int `keras:"class_id"`
	// number of thresholds from 0 to 1
	NumThresholds int `keras:"num_thresholds,default=200,min=1"`
	// what has to be reached
	Recall float64 `keras:"recall,pos,required,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[PrecisionAtRecall]("keras.metrics") }

// State lists the four counts, one number for each threshold.
func (m PrecisionAtRecall) State(yTrue, yPred tensor.Shape) []State {
	return point{m.NumThresholds, m.ClassID}.state()
}

// Update adds a batch.
func (m PrecisionAtRecall) Update(c *Context, yTrue, yPred, weight graph.Value) {
	point{m.NumThresholds, m.ClassID}.update(c, yTrue, yPred, weight)
}

// Result returns the best precision, or 0 if no threshold will do.
func (m PrecisionAtRecall) Result(c *Context) graph.Value {
	return best(sensitivity(c), precision(c), m.Recall)
}

var _ Metric = PrecisionAtRecall{}
