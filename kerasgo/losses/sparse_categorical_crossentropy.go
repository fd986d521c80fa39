package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SparseCategoricalCrossentropy computes -log(yPred[yTrue]): the crossentropy with
// targets that are class numbers.
//
// Targets (n, …) or (n, …, 1), integers of any numeric type; predictions (n, …, k);
// result (n, …).
type SparseCategoricalCrossentropy struct {
	// name of the loss
	Name string `keras:"name,default=sparse_categorical_crossentropy"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// samples of this class count for nothing; nil means all count
	IgnoreClass *int `keras:"ignore_class"`
	// axis of the classes; only the last is supported, as in Keras on TensorFlow
	Axis *int `keras:"axis,default=-1,omitdefault"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[SparseCategoricalCrossentropy]("keras.losses") }

// Call computes the loss of each sample.
func (l SparseCategoricalCrossentropy) Call(yTrue, yPred graph.Value) graph.Value {
	shape := yPred.Shape()
	axis, ok := shape.Axis(axisOf(l.Axis))
	if !ok || axis != shape.Rank()-1 {
		yPred.Graph().Errorf("SparseCategoricalCrossentropy: axis %d of predictions %v: only the last axis can hold the classes", axisOf(l.Axis), shape)
		return yPred
	}
	ids := classes(yTrue, yPred)
	if !ids.Shape().Equal(shape[:axis]) {
		yPred.Graph().Errorf("%w: SparseCategoricalCrossentropy wants targets of shape %v, got %v", graph.ErrShape, shape[:axis], yTrue.Shape())
		return yPred
	}
	logp := logProbabilities(yPred, l.FromLogits, -1)
	pick := ops.OneHot(ids, shape.Last(), logp.DType())
	if l.IgnoreClass != nil {
		// An ignored class may lie outside 0..k-1; its row of the one-hot matrix is cleared either way.
		pick = ops.Mul(pick, ops.ExpandDims(l.Mask(yTrue, yPred), -1))
	}
	return ops.Neg(ops.Sum(ops.Mul(pick, logp), last, false))
}

// Mask leaves the ignored class out of the mean.
func (l SparseCategoricalCrossentropy) Mask(yTrue, yPred graph.Value) graph.Value {
	if l.IgnoreClass == nil {
		return graph.Value{}
	}
	ids := ops.Cast(classes(yTrue, yPred), yPred.DType())
	return ops.NotEqual(ids, ops.Scalar(ids, float64(*l.IgnoreClass)))
}

// classes returns the targets as class numbers, without a trailing axis of 1.
func classes(yTrue, yPred graph.Value) graph.Value {
	ids := ops.Cast(yTrue, tensor.Int32)
	if s := ids.Shape(); s.Rank() == yPred.Shape().Rank() && s.Last() == 1 {
		ids = ops.Squeeze(ids, -1)
	}
	return ids
}

var _ Masker = SparseCategoricalCrossentropy{}

var _ Loss = SparseCategoricalCrossentropy{}
