package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SpecificityAtSensitivity is the best specificity over thresholds at which the sensitivity is at
// least the given one. Sensitivity is another name of recall; specificity is the
// share of negative samples that were predicted negative.
type SpecificityAtSensitivity struct {
	Maximized
	// look at this class only; nil means all
	ClassID *int `keras:"class_id"`
	// number of thresholds from 0 to 1
	NumThresholds int `keras:"num_thresholds,default=200,min=1"`
	// what has to be reached
	Sensitivity float64 `keras:"sensitivity,pos,required,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[SpecificityAtSensitivity]("keras.metrics") }

// State lists the four counts, one number for each threshold.
func (m SpecificityAtSensitivity) State(yTrue, yPred tensor.Shape) []State {
	return point{m.NumThresholds, m.ClassID}.state()
}

// Update adds a batch.
func (m SpecificityAtSensitivity) Update(c *Context, yTrue, yPred, weight graph.Value) {
	point{m.NumThresholds, m.ClassID}.update(c, yTrue, yPred, weight)
}

// Result returns the best specificity, or 0 if no threshold will do.
func (m SpecificityAtSensitivity) Result(c *Context) graph.Value {
	return best(sensitivity(c), specificity(c), m.Sensitivity)
}

var _ Metric = SpecificityAtSensitivity{}
