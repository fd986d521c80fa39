package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoricalFocalCrossentropy computes -sum(alpha·(1-p)^gamma·yTrue·log(p)) over the
// classes, a crossentropy that discounts what is predicted well (Lin et al., 2018).
type CategoricalFocalCrossentropy struct {
	// name of the loss
	Name string `keras:"name,default=categorical_focal_crossentropy"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// share of the uniform distribution mixed into the labels
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	// axis of the classes
	Axis *int `keras:"axis,default=-1"`
	// weight of all classes
	Alpha *float64 `keras:"alpha,default=0.25"`
	// how strongly well-predicted samples are discounted
	Gamma *float64 `keras:"gamma,default=2"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[CategoricalFocalCrossentropy]("keras.losses") }

// Call computes the loss of each sample.
func (l CategoricalFocalCrossentropy) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	sameShape("CategoricalFocalCrossentropy", t, p)
	t = smooth(t, l.LabelSmoothing, t.Shape().Last())
	axis := axisOf(l.Axis)
	if l.FromLogits {
		p = ops.Softmax(p, axis)
	}
	p = ops.Div(p, ops.Sum(p, []int{axis}, true))
	p = ops.Clip(p, Epsilon, 1-Epsilon)
	cce := ops.Neg(ops.Mul(t, ops.Log(p)))
	focus := ops.MulScalar(ops.PowScalar(oneMinus(p), orElse(l.Gamma, 2)), orElse(l.Alpha, 0.25))
	return ops.Sum(ops.Mul(focus, cce), []int{axis}, false)
}

var _ Loss = CategoricalFocalCrossentropy{}
