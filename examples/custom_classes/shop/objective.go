package shop

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/spec"
)

// Asymmetric is a loss: the squared error, that of predictions below the target times
// Under, as where too little in stock costs more than too much.
type Asymmetric struct {
	Under     *float64 `keras:"under,pos,default=4.0"`
	Name      string   `keras:"name,default=asymmetric"`
	Reduction string   `keras:"reduction,default=sum_over_batch_size"`
}

// Call returns the loss of each sample.
func (a Asymmetric) Call(yTrue, yPred graph.Value) graph.Value {
	e := ops.Sub(ops.Cast(yTrue, yPred.DType()), yPred)
	under := ops.Greater(e, ops.Scalar(e, 0)) // 1 or 0
	weight := ops.AddScalar(ops.MulScalar(under, *a.Under-1), 1)
	return ops.Mean(ops.Mul(ops.Square(e), weight), []int{-1}, false)
}

// Within is a metric: the share of predictions no farther than Tolerance from the target.
type Within struct {
	metrics.Averaged
	metrics.Maximized
	Tolerance *float64 `keras:"tolerance,pos,default=0.5"`
	Name      string   `keras:"name,default=within"`
	DType     string   `keras:"dtype,default=float32"`
}

// Update adds a batch.
func (w Within) Update(c *metrics.Context, yTrue, yPred, weight graph.Value) {
	e := ops.Abs(ops.Sub(ops.Cast(yTrue, tensor.Float32), yPred))
	c.Average(ops.LessEqual(e, ops.Scalar(e, *w.Tolerance)), weight)
}

func init() {
	spec.Register[Asymmetric]("shop", spec.OfKind("loss"))
	spec.Register[Within]("shop", spec.OfKind("metric"))
}

var (
	_ losses.Loss    = Asymmetric{}
	_ metrics.Metric = Within{}
)
