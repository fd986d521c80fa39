package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// CTC computes -log of the probability that the predictions, step by step, spell the
// target: connectionist temporal classification (Graves et al., 2006), for texts and
// speech whose labels are not aligned with the steps.
//
// Targets (n, l), class numbers from 1; 0 stands for no label, and as many labels count as
// are not 0. Predictions (n, steps, k), scores before softmax, of which number 0 is the
// blank. Result (n). Where the target does not fit into the steps, which takes one for
// each label and one more between equal ones, the loss is +Inf without a gradient; Keras
// on TensorFlow has about 710 there.
type CTC struct {
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// name of the loss
	Name string `keras:"name,default=ctc"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[CTC]("keras.losses") }

// Call computes the loss of each sample.
func (l CTC) Call(yTrue, yPred graph.Value) graph.Value {
	s, y := yPred.Shape(), yTrue.Shape()
	if len(s) != 3 || len(y) != 2 || y[0] != s[0] {
		yPred.Graph().Errorf("%w: CTC wants targets (batch, labels) and predictions (batch, steps, classes), got %v and %v", graph.ErrShape, y, s)
		return yPred
	}
	ids := ops.Cast(yTrue, tensor.Int32)
	counts := ops.Sum(ops.NotEqual(ids, ops.Scalar(ids, 0)), []int{1}, false)
	steps := ops.Fill(yPred.Graph(), graph.Spec{DType: tensor.Int32, Shape: tensor.Shape{s[0]}}, float64(s[1]))
	return ops.CTCLoss(yPred, ids, ops.Cast(counts, tensor.Int32), steps, 0)
}

var _ Loss = CTC{}
