package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Dice computes 1 - 2·sum(yTrue·yPred) / (sum(yTrue)+sum(yPred)+1e-7), the sums over the
// whole batch or over some axes.
type Dice struct {
	// name of the loss
	Name string `keras:"name,default=dice"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// axes to sum over; nil means all, which gives one value for the batch
	Axis spec.Ints `keras:"axis"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[Dice]("keras.losses") }

// Call computes the loss.
func (l Dice) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	sum := func(x graph.Value) graph.Value { return ops.Sum(x, l.Axis, false) }
	both := ops.MulScalar(sum(ops.Mul(t, p)), 2)
	return oneMinus(ops.Div(both, ops.AddScalar(ops.Add(sum(t), sum(p)), Epsilon)))
}

var _ Loss = Dice{}
