package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// TrueNegatives is the (weighted) number of negative samples that were predicted negative.
type TrueNegatives struct {
	// predictions above it are positive, one result each; nil means 0.5
	Thresholds []float64 `keras:"thresholds,pos,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[TrueNegatives]("keras.metrics") }

func (m TrueNegatives) counts() confusion {
	return confusion{thresholds: thresholdsOr(m.Thresholds, 0)}
}

// State lists accumulator, one number for each threshold.
func (m TrueNegatives) State(yTrue, yPred tensor.Shape) []State {
	return m.counts().states(0, "accumulator")
}

// Update adds a batch.
func (m TrueNegatives) Update(c *Context, yTrue, yPred, weight graph.Value) {
	m.counts().update(c, yTrue, yPred, weight, map[string]string{trueNegatives: "accumulator"})
}

// Result returns the number, or one for each of several thresholds.
func (TrueNegatives) Result(c *Context) graph.Value { return single(c.State("accumulator")) }

var _ Metric = TrueNegatives{}
