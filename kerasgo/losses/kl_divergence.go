package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// KLDivergence computes sum(yTrue·log(yTrue/yPred)) over the last axis, both clipped
// to [1e-7, 1].
type KLDivergence struct {
	// name of the loss
	Name string `keras:"name,default=kl_divergence"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[KLDivergence]("keras.losses", spec.Strings("kld", "KLD")) }

// Call computes the loss of each sample.
func (KLDivergence) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	t, p = ops.Clip(t, Epsilon, 1), ops.Clip(p, Epsilon, 1)
	return ops.Sum(ops.Mul(t, ops.Log(ops.Div(t, p))), last, false)
}

var _ Loss = KLDivergence{}
