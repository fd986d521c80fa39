package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RecallAtPrecision is the best recall over thresholds at which the precision is at
// least the given one. Sensitivity is another name of recall; specificity is the
// share of negative samples that were predicted negative.
type RecallAtPrecision struct {
	Maximized
	// look at this class only; nil means all
	ClassID *int `keras:"class_id"`
	// number of thresholds from 0 to 1
	NumThresholds int `keras:"num_thresholds,default=200,min=1"`
	// what has to be reached
	Precision float64 `keras:"precision,pos,required,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[RecallAtPrecision]("keras.metrics") }

// State lists the four counts, one number for each threshold.
func (m RecallAtPrecision) State(yTrue, yPred tensor.Shape) []State {
	return point{m.NumThresholds, m.ClassID}.state()
}

// Update adds a batch.
func (m RecallAtPrecision) Update(c *Context, yTrue, yPred, weight graph.Value) {
	point{m.NumThresholds, m.ClassID}.update(c, yTrue, yPred, weight)
}

// Result returns the best recall, or 0 if no threshold will do.
func (m RecallAtPrecision) Result(c *Context) graph.Value {
	return best(precision(c), sensitivity(c), m.Precision)
}

var _ Metric = RecallAtPrecision{}
