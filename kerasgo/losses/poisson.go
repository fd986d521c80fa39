package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Poisson computes mean(yPred - yTrue·log(yPred+1e-7)) over the last axis.
type Poisson struct {
	// name of the loss
	Name string `keras:"name,default=poisson"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[Poisson]("keras.losses") }

// Call computes the loss of each sample.
func (Poisson) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	return lastMean(ops.Sub(p, ops.Mul(t, ops.Log(ops.AddScalar(p, Epsilon)))))
}

var _ Loss = Poisson{}
