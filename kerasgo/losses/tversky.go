package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Tversky computes 1 - both / (both + alpha·sum((1-yPred)·yTrue) + beta·sum(yPred·(1-yTrue))
// + 1e-7) with both = sum(yTrue·yPred). Alpha weighs what was missed and beta what was
// found wrongly: Keras's order, the reverse of the usual one.
type Tversky struct {
	// name of the loss
	Name string `keras:"name,default=tversky"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// weight of what was missed
	Alpha *float64 `keras:"alpha,default=0.5"`
	// weight of what was found wrongly
	Beta *float64 `keras:"beta,default=0.5"`
	// axes to sum over; nil means all, which gives one value for the batch
	Axis spec.Ints `keras:"axis,since=3.8"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[Tversky]("keras.losses") }

// Call computes the loss.
func (l Tversky) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	sum := func(x, y graph.Value) graph.Value { return ops.Sum(ops.Mul(x, y), l.Axis, false) }
	both := sum(t, p)
	missed := ops.MulScalar(sum(oneMinus(p), t), orElse(l.Alpha, 0.5))
	wrong := ops.MulScalar(sum(p, oneMinus(t)), orElse(l.Beta, 0.5))
	return oneMinus(ops.Div(both, ops.AddScalar(ops.Add(ops.Add(both, missed), wrong), Epsilon)))
}

var _ Loss = Tversky{}
