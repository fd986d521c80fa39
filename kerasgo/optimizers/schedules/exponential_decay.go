package schedules

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// ExponentialDecay is initial_learning_rate · decay_rate^(step/decay_steps).
type ExponentialDecay struct {
	// rate at step 0
	InitialLearningRate float64 `keras:"initial_learning_rate,required"`
	// steps until the rate has changed by decay_rate once
	DecaySteps int `keras:"decay_steps,required,min=1"`
	// what the rate changes by in decay_steps steps
	DecayRate float64 `keras:"decay_rate,required"`
	// change only every decay_steps steps
	Staircase bool `keras:"staircase"`
	// name of the schedule
	Name string `keras:"name,default=ExponentialDecay"`
}

func init() { spec.Register[ExponentialDecay]("keras.optimizers.schedules") }

// LearningRate computes the rate after step steps.
func (s ExponentialDecay) LearningRate(step graph.Value) graph.Value {
	p := ops.DivScalar(number(step), float64(s.DecaySteps))
	if s.Staircase {
		p = ops.Floor(p)
	}
	return ops.MulScalar(ops.Pow(scalar(p, s.DecayRate), p), s.InitialLearningRate)
}

var _ Schedule = ExponentialDecay{}
