package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// ConcordanceCorrelation is the mean over samples of Lin's concordance correlation of
// targets and predictions along an axis: 2·cov / (var(yTrue) + var(yPred) +
// (mean(yTrue)-mean(yPred))²).
type ConcordanceCorrelation struct {
	Averaged
	Maximized
	// axis along which values are correlated
	Axis *int `keras:"axis,default=-1"`
	// name in the logs and the history
	Name string `keras:"name,default=concordance_correlation"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[ConcordanceCorrelation]("keras.metrics") }

// Update adds a batch.
func (m ConcordanceCorrelation) Update(c *Context, yTrue, yPred, weight graph.Value) {
	t, p := losses.Align(yTrue, yPred)
	axes := []int{-1}
	if m.Axis != nil {
		axes[0] = *m.Axis
	}
	meanT, meanP := ops.Mean(t, axes, true), ops.Mean(p, axes, true)
	centred := ops.Sub(p, meanP)
	spread := ops.Add(ops.Variance(ops.Sub(t, meanT), axes, true), ops.Variance(centred, axes, true))
	spread = ops.Add(spread, ops.Square(ops.Sub(meanT, meanP)))
	covariance := ops.Mul(ops.Sub(t, meanP), centred) // the mean of t drops out over the axis
	c.Average(ops.Mean(ops.Div(ops.MulScalar(covariance, 2), ops.AddScalar(spread, losses.Epsilon)), axes, false), weight)
}

var _ Metric = ConcordanceCorrelation{}
