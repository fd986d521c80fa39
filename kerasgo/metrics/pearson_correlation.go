package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// PearsonCorrelation is the mean over samples of the correlation between targets and
// predictions along an axis.
type PearsonCorrelation struct {
	Averaged
	Maximized
	// axis along which values are correlated
	Axis *int `keras:"axis,default=-1"`
	// name in the logs and the history
	Name string `keras:"name,default=pearson_correlation"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[PearsonCorrelation]("keras.metrics") }

// Update adds a batch.
func (m PearsonCorrelation) Update(c *Context, yTrue, yPred, weight graph.Value) {
	t, p := losses.Align(yTrue, yPred)
	axes := []int{-1}
	if m.Axis != nil {
		axes[0] = *m.Axis
	}
	standard := func(x graph.Value) graph.Value {
		x = ops.Sub(x, ops.Mean(x, axes, true))
		return ops.Div(x, ops.Sqrt(ops.Variance(x, axes, true)))
	}
	c.Average(ops.Mean(ops.Mul(standard(t), standard(p)), axes, false), weight)
}

var _ Metric = PearsonCorrelation{}
