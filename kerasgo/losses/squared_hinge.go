package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// SquaredHinge computes mean(max(1 - yTrue·yPred, 0)²) over the last axis. Targets
// are -1 or 1; targets that are all 0 or 1 are converted.
type SquaredHinge struct {
	// name of the loss
	Name string `keras:"name,default=squared_hinge"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[SquaredHinge]("keras.losses") }

// Call computes the loss of each sample.
func (SquaredHinge) Call(yTrue, yPred graph.Value) graph.Value {
	return lastMean(ops.Square(hinge(yTrue, yPred)))
}

var _ Loss = SquaredHinge{}
