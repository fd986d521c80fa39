package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// FalseNegatives is the (weighted) number of positive samples that were predicted negative.
type FalseNegatives struct {
	// predictions above it are positive, one result each; nil means 0.5
	Thresholds []float64 `keras:"thresholds,pos,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[FalseNegatives]("keras.metrics") }

func (m FalseNegatives) counts() confusion {
	return confusion{thresholds: thresholdsOr(m.Thresholds, 0)}
}

// State lists accumulator, one number for each threshold.
func (m FalseNegatives) State(yTrue, yPred tensor.Shape) []State {
	return m.counts().states(0, "accumulator")
}

// Update adds a batch.
func (m FalseNegatives) Update(c *Context, yTrue, yPred, weight graph.Value) {
	m.counts().update(c, yTrue, yPred, weight, map[string]string{falseNegatives: "accumulator"})
}

// Result returns the number, or one for each of several thresholds.
func (FalseNegatives) Result(c *Context) graph.Value { return single(c.State("accumulator")) }

var _ Metric = FalseNegatives{}
