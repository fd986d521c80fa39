package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// BinaryFocalCrossentropy computes the mean over the last axis of (1-q)^gamma times
// the binary crossentropy, where q is the probability given to the true side: a
// crossentropy that discounts what is predicted well (Lin et al., 2018).
type BinaryFocalCrossentropy struct {
	// name of the loss
	Name string `keras:"name,default=binary_focal_crossentropy"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// share of the uniform distribution mixed into the labels
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	// axis of the mean
	Axis *int `keras:"axis,default=-1"`
	// weigh the classes by alpha and 1-alpha
	ApplyClassBalancing bool `keras:"apply_class_balancing"`
	// weight of class 1 if classes are balanced
	Alpha *float64 `keras:"alpha,default=0.25"`
	// how strongly well-predicted samples are discounted
	Gamma *float64 `keras:"gamma,default=2"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[BinaryFocalCrossentropy]("keras.losses") }

// Call computes the loss of each sample.
func (l BinaryFocalCrossentropy) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	sameShape("BinaryFocalCrossentropy", t, p)
	t = smooth(t, l.LabelSmoothing, 2)
	bce := binaryCrossentropy(t, p, l.FromLogits)
	if l.FromLogits {
		p = ops.Sigmoid(p)
	}
	q := ops.Add(ops.Mul(t, p), ops.Mul(oneMinus(t), oneMinus(p)))
	loss := ops.Mul(ops.PowScalar(oneMinus(q), orElse(l.Gamma, 2)), bce)
	if l.ApplyClassBalancing {
		alpha := orElse(l.Alpha, 0.25)
		loss = ops.Mul(ops.Add(ops.MulScalar(t, alpha), ops.MulScalar(oneMinus(t), 1-alpha)), loss)
	}
	return ops.Mean(loss, []int{axisOf(l.Axis)}, false)
}

var _ Loss = BinaryFocalCrossentropy{}
