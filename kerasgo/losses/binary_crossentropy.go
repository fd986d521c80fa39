package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// BinaryCrossentropy computes the mean over the last axis of
// -(yTrue·log(yPred) + (1-yTrue)·log(1-yPred)).
//
// Targets and predictions (n, …, d), d independent yes/no outputs; result (n, …).
// With label smoothing s the targets become yTrue·(1-s) + s/2.
type BinaryCrossentropy struct {
	// name of the loss
	Name string `keras:"name,default=binary_crossentropy"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// share of the uniform distribution mixed into the labels
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	// axis of the mean
	Axis *int `keras:"axis,default=-1"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[BinaryCrossentropy]("keras.losses", spec.Strings("bce", "BCE")) }

// Call computes the loss of each sample.
func (l BinaryCrossentropy) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	sameShape("BinaryCrossentropy", t, p)
	t = smooth(t, l.LabelSmoothing, 2)
	return ops.Mean(binaryCrossentropy(t, p, l.FromLogits), []int{axisOf(l.Axis)}, false)
}

var _ Loss = BinaryCrossentropy{}
