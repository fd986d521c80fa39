package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalCrossentropy computes -sum(yTrue·log(yPred)) over the classes. Targets
// are one-hot or probabilities.
//
// Targets and predictions (n, …, k); result (n, …). With label smoothing s the
// targets become yTrue·(1-s) + s/k.
type CategoricalCrossentropy struct {
	// name of the loss
	Name string `keras:"name,default=categorical_crossentropy"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// share of the uniform distribution mixed into the labels
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	// axis of the classes
	Axis *int `keras:"axis,default=-1"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[CategoricalCrossentropy]("keras.losses") }

// Call computes the loss of each sample.
func (l CategoricalCrossentropy) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	sameShape("CategoricalCrossentropy", t, p)
	t = smooth(t, l.LabelSmoothing, t.Shape().Last())
	axis := axisOf(l.Axis)
	return ops.Neg(ops.Sum(ops.Mul(t, logProbabilities(p, l.FromLogits, axis)), []int{axis}, false))
}

var _ Loss = CategoricalCrossentropy{}
