package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalGeneralizedCrossEntropy computes (1 - p^q)/q with the probability p of the
// true class: between crossentropy (q→0) and mean absolute error (q→1), robust against
// wrong labels (Zhang & Sabuncu, 2018). Targets are class numbers (n, …).
type CategoricalGeneralizedCrossEntropy struct {
	// name of the loss
	Name string `keras:"name,default=categorical_generalized_cross_entropy"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// between 0 and 1, both excluded
	Q float64 `keras:"q,pos,default=0.5,min=0,max=1"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[CategoricalGeneralizedCrossEntropy]("keras.losses", spec.NotByString()) }

// Call computes the loss of each sample.
func (l CategoricalGeneralizedCrossEntropy) Call(yTrue, yPred graph.Value) graph.Value {
	if l.Q <= 0 || l.Q >= 1 {
		yPred.Graph().Errorf("CategoricalGeneralizedCrossEntropy: q %v is not between 0 and 1", l.Q)
		return yPred
	}
	pick := ops.OneHot(classes(yTrue, yPred), yPred.Shape().Last(), yPred.DType())
	p := ops.Sum(ops.Mul(yPred, pick), last, false)
	return ops.DivScalar(oneMinus(ops.PowScalar(p, l.Q)), l.Q)
}

var _ Loss = CategoricalGeneralizedCrossEntropy{}
