package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SensitivityAtSpecificity is the best sensitivity over thresholds at which the specificity is at
// least the given one. Sensitivity is another name of recall; specificity is the
// share of negative samples that were predicted negative.
type SensitivityAtSpecificity struct {
	Maximized
	// look at this class only; nil means all
	ClassID *int `keras:"class_id"`
	// number of thresholds from 0 to 1
	NumThresholds int `keras:"num_thresholds,default=200,min=1"`
	// what has to be reached
	Specificity float64 `keras:"specificity,pos,required,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[SensitivityAtSpecificity]("keras.metrics") }

// State lists the four counts, one number for each threshold.
func (m SensitivityAtSpecificity) State(yTrue, yPred tensor.Shape) []State {
	return point{m.NumThresholds, m.ClassID}.state()
}

// Update adds a batch.
func (m SensitivityAtSpecificity) Update(c *Context, yTrue, yPred, weight graph.Value) {
	point{m.NumThresholds, m.ClassID}.update(c, yTrue, yPred, weight)
}

// Result returns the best sensitivity, or 0 if no threshold will do.
func (m SensitivityAtSpecificity) Result(c *Context) graph.Value {
	return best(specificity(c), sensitivity(c), m.Specificity)
}

var _ Metric = SensitivityAtSpecificity{}
