package losses

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// LogCosh computes mean(log(cosh(yPred-yTrue))) over the last axis, as
// e + softplus(-2e) - log 2.
type LogCosh struct {
	// name of the loss
	Name string `keras:"name,default=log_cosh"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[LogCosh]("keras.losses") }

// Call computes the loss of each sample.
func (LogCosh) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	e := ops.Sub(p, t)
	return lastMean(ops.SubScalar(ops.Add(e, ops.Softplus(ops.MulScalar(e, -2))), math.Ln2))
}

var _ Loss = LogCosh{}
