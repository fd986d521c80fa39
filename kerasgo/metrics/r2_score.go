package metrics

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// R2Score is the share of the targets' variance that predictions explain:
// 1 - sum((yTrue-yPred)²)/sum((yTrue-mean)²) for each output. Targets and predictions
// (n, outputs).
type R2Score struct {
	Maximized
	// how outputs are combined; none means one result for each
	ClassAggregation string `keras:"class_aggregation,default=uniform_average,none=none,enum=uniform_average|variance_weighted_average|none"`
	// number of inputs for the adjusted score; 0 means the plain one
	NumRegressors int `keras:"num_regressors,default=0,min=0"`
	// name in the logs and the history
	Name string `keras:"name,default=r2_score"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[R2Score]("keras.metrics") }

// State lists num_samples and four sums for each output.
func (R2Score) State(yTrue, yPred tensor.Shape) []State {
	shape := tensor.Shape{yPred.Last()}
	return []State{
		{Name: "num_samples"}, {Name: "squared_sum", Shape: shape}, {Name: "sum", Shape: shape},
		{Name: "residual", Shape: shape}, {Name: "count", Shape: shape},
	}
}

// Update adds a batch.
func (R2Score) Update(c *Context, yTrue, yPred, weight graph.Value) {
	t, p := losses.Align(yTrue, yPred)
	s := p.Shape()
	if !t.Shape().Equal(s) || s.Rank() != 2 {
		c.Errorf("%w: R2Score wants targets and predictions (n, outputs), got %v and %v", graph.ErrShape, yTrue.Shape(), yPred.Shape())
		return
	}
	w := ops.Fill(c.Graph(), p.Spec(), 1)
	if weight.OK() {
		w = ops.BroadcastTo(losses.ExpandTo(ops.Cast(weight, tensor.Float32), s), s...)
	}
	column := func(x graph.Value) graph.Value { return ops.Sum(x, []int{0}, false) }
	weighted := ops.Mul(t, w)
	c.Add("sum", column(weighted))
	c.Add("squared_sum", column(ops.Mul(t, weighted)))
	c.Add("residual", column(ops.Mul(ops.Square(ops.Sub(t, p)), w)))
	c.Add("count", column(w))
	c.Assign("num_samples", ops.AddScalar(c.State("num_samples"), float64(s.Size())))
}

// Result returns the score.
func (m R2Score) Result(c *Context) graph.Value {
	sum := c.State("sum")
	total := ops.Sub(c.State("squared_sum"), ops.Mul(sum, ops.Div(sum, c.State("count"))))
	score := ops.SubScalarFrom(1, ops.Div(c.State("residual"), total))
	score = ops.Where(ops.EqualScalar(ops.Abs(score), math.Inf(1)), ops.Scalar(score, 0), score)
	switch m.ClassAggregation {
	case "variance_weighted_average":
		score = ops.Div(ops.Sum(ops.Mul(total, score), nil, false), ops.Sum(total, nil, false))
	case "none":
	default:
		score = ops.Mean(score, nil, false)
	}
	if m.NumRegressors == 0 {
		return score
	}
	// Too few samples for the adjustment leave the score as it is.
	n := c.State("num_samples")
	free := ops.SubScalar(n, float64(m.NumRegressors)+1)
	adjusted := ops.SubScalarFrom(1, ops.Div(ops.Mul(ops.SubScalarFrom(1, score), ops.SubScalar(n, 1)), free))
	return ops.Where(ops.GreaterScalar(free, 0), adjusted, score)
}

var _ Metric = R2Score{}
