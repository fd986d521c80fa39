package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CosineSimilarity computes -sum(yTrue·yPred) along an axis after both were scaled to
// length 1 along it. Opposite vectors give 1, equal directions -1, a zero vector 0.
type CosineSimilarity struct {
	// name of the loss
	Name string `keras:"name,default=cosine_similarity"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// axis of the vectors; Keras itself does not save it
	Axis *int `keras:"axis,pos,default=-1,omitdefault"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[CosineSimilarity]("keras.losses") }

// Call computes the loss of each sample.
func (l CosineSimilarity) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := Align(yTrue, yPred)
	axes := []int{axisOf(l.Axis)}
	unit := func(x graph.Value) graph.Value {
		inv := ops.Rsqrt(ops.Sum(ops.Square(x), axes, true))
		return ops.Mul(x, ops.MinimumScalar(inv, 1/Epsilon))
	}
	return ops.Neg(ops.Sum(ops.Mul(unit(t), unit(p)), axes, false))
}

var _ Loss = CosineSimilarity{}
