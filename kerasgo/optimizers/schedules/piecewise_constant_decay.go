package schedules

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// PiecewiseConstantDecay is values[0] up to and including step boundaries[0], then
// values[1] up to boundaries[1], and so on.
type PiecewiseConstantDecay struct {
	// steps, rising
	Boundaries []float64 `keras:"boundaries,required"`
	// one more than boundaries
	Values []float64 `keras:"values,required"`
	// name of the schedule
	Name string `keras:"name,default=PiecewiseConstant"`
}

func init() { spec.Register[PiecewiseConstantDecay]("keras.optimizers.schedules") }

func (s PiecewiseConstantDecay) check() error {
	if len(s.Boundaries) != len(s.Values)-1 {
		return fmt.Errorf("PiecewiseConstantDecay wants one value more than boundaries, got %d values and %d boundaries", len(s.Values), len(s.Boundaries))
	}
	return nil
}

// LearningRate computes the rate after step steps.
func (s PiecewiseConstantDecay) LearningRate(step graph.Value) graph.Value {
	if err := s.check(); err != nil {
		step.Graph().Errorf("%v", err)
		return number(step)
	}
	x := number(step)
	rate := scalar(x, s.Values[0])
	for i, b := range s.Boundaries {
		rate = ops.Where(ops.Greater(x, scalar(x, b)), scalar(x, s.Values[i+1]), rate)
	}
	return rate
}

var _ Schedule = PiecewiseConstantDecay{}
