package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// FBetaScore is (1+beta²)·precision·recall / (beta²·precision + recall) for each
// class. Targets and predictions (n, classes).
type FBetaScore struct {
	Maximized
	// how classes are combined; empty means one result for each class
	Average string `keras:"average,enum=micro|macro|weighted"`
	// weight of recall against precision; above 0
	Beta *float64 `keras:"beta,default=1"`
	// predictions above it are positive; nil means the largest of a sample
	Threshold *float64 `keras:"threshold,min=0,max=1"`
	// name in the logs and the history
	Name string `keras:"name,default=fbeta_score"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[FBetaScore]("keras.metrics") }

// State lists true_positives, false_positives, false_negatives and
// intermediate_weights, one number for each class unless average is micro.
func (m FBetaScore) State(yTrue, yPred tensor.Shape) []State {
	var shape tensor.Shape
	if m.Average != "micro" {
		shape = tensor.Shape{yPred.Last()}
	}
	return []State{
		{Name: truePositives, Shape: shape}, {Name: falsePositives, Shape: shape},
		{Name: falseNegatives, Shape: shape}, {Name: "intermediate_weights", Shape: shape},
	}
}

// Update adds a batch.
func (m FBetaScore) Update(c *Context, yTrue, yPred, weight graph.Value) {
	if !yTrue.Shape().Equal(yPred.Shape()) || yPred.Shape().Rank() != 2 {
		c.Errorf("%w: F scores want targets and predictions (n, classes), got %v and %v", graph.ErrShape, yTrue.Shape(), yPred.Shape())
		return
	}
	if m.Beta != nil && *m.Beta <= 0 || m.Threshold != nil && *m.Threshold <= 0 {
		c.Errorf("F scores want beta and threshold above 0")
		return
	}
	t, p := ops.Cast(yTrue, tensor.Float32), ops.Cast(yPred, tensor.Float32)
	if m.Threshold != nil {
		p = ops.GreaterScalar(p, *m.Threshold)
	} else {
		p = ops.And(ops.GreaterEqual(p, ops.Max(p, []int{-1}, true)), ops.GreaterScalar(ops.Abs(p), 1e-9))
	}
	var axes []int
	if m.Average != "micro" {
		axes = []int{0}
	}
	add := func(name string, v graph.Value) {
		if weight.OK() {
			v = ops.Mul(v, ops.ExpandDims(ops.Cast(weight, tensor.Float32), 1))
		}
		c.Add(name, ops.Sum(v, axes, false))
	}
	add(truePositives, ops.Mul(p, t))
	add(falsePositives, ops.Mul(p, ops.SubScalarFrom(1, t)))
	add(falseNegatives, ops.Mul(ops.SubScalarFrom(1, p), t))
	add("intermediate_weights", t)
}

// Result returns the score.
func (m FBetaScore) Result(c *Context) graph.Value {
	beta := 1.0
	if m.Beta != nil {
		beta = *m.Beta
	}
	tp := c.State(truePositives)
	quotient := func(a, b graph.Value) graph.Value { return ops.Div(a, ops.AddScalar(b, losses.Epsilon)) }
	precision := quotient(tp, ops.Add(tp, c.State(falsePositives)))
	recall := quotient(tp, ops.Add(tp, c.State(falseNegatives)))
	both := quotient(ops.Mul(precision, recall), ops.Add(ops.MulScalar(precision, beta*beta), recall))
	score := ops.MulScalar(both, 1+beta*beta)
	switch m.Average {
	case "weighted":
		w := c.State("intermediate_weights")
		return ops.Sum(ops.Mul(score, quotient(w, ops.Sum(w, nil, false))), nil, false)
	case "":
		return score
	}
	return ops.Mean(score, nil, false)
}

var _ Metric = FBetaScore{}
