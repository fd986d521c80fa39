package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Huber computes the mean over the last axis of e²/2 where |e| ≤ delta and of
// delta·|e| - delta²/2 elsewhere, with e = yPred-yTrue.
type Huber struct {
	// name of the loss
	Name string `keras:"name,default=huber_loss"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// where the quadratic part ends; Keras itself does not save it
	Delta *float64 `keras:"delta,pos,default=1,omitdefault"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[Huber]("keras.losses") }

// Call computes the loss of each sample.
func (l Huber) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	delta := orElse(l.Delta, 1)
	e := ops.Sub(p, t)
	abs := ops.Abs(e)
	linear := ops.SubScalar(ops.MulScalar(abs, delta), delta*delta/2)
	small := ops.LessEqual(abs, ops.Scalar(abs, delta))
	return lastMean(ops.Where(small, ops.MulScalar(ops.Square(e), 0.5), linear))
}

var _ Loss = Huber{}
