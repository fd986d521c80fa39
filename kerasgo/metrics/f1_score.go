package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// F1Score is the harmonic mean of precision and recall for each class: FBetaScore
// with beta 1. Targets and predictions (n, classes).
type F1Score struct {
	Maximized
	// how classes are combined; empty means one result for each class
	Average string `keras:"average,enum=micro|macro|weighted"`
	// predictions above it are positive; nil means the largest of a sample
	Threshold *float64 `keras:"threshold,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name,default=f1_score"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[F1Score]("keras.metrics") }

func (m F1Score) general() FBetaScore { return FBetaScore{Average: m.Average, Threshold: m.Threshold} }

// State lists the variables of FBetaScore.
func (m F1Score) State(yTrue, yPred tensor.Shape) []State { return m.general().State(yTrue, yPred) }

// Update adds a batch.
func (m F1Score) Update(c *Context, yTrue, yPred, weight graph.Value) {
	m.general().Update(c, yTrue, yPred, weight)
}

// Result returns the score.
func (m F1Score) Result(c *Context) graph.Value { return m.general().Result(c) }

var _ Metric = F1Score{}
