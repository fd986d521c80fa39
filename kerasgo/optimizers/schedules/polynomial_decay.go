package schedules

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// PolynomialDecay is (initial - end)·(1 - step/decay_steps)^power + end; after
// decay_steps steps it stays at the end.
type PolynomialDecay struct {
	// rate at step 0
	InitialLearningRate float64 `keras:"initial_learning_rate,required"`
	// steps until the end rate is reached
	DecaySteps int `keras:"decay_steps,required,min=1"`
	// rate at the end
	EndLearningRate *float64 `keras:"end_learning_rate,default=0.0001"`
	// power of the remaining part; 1 is a straight line
	Power *float64 `keras:"power,default=1"`
	// start over, with ever longer cycles, instead of staying at the end rate
	Cycle bool `keras:"cycle"`
	// name of the schedule
	Name string `keras:"name,default=PolynomialDecay"`
}

func init() { spec.Register[PolynomialDecay]("keras.optimizers.schedules") }

// LearningRate computes the rate after step steps.
func (s PolynomialDecay) LearningRate(step graph.Value) graph.Value {
	x, n := number(step), scalar(step, float64(s.DecaySteps))
	if s.Cycle {
		// The number of cycles begun, 1 at step 0.
		cycles := ops.Add(ops.Ceil(ops.Div(x, n)), ops.EqualScalar(x, 0))
		n = ops.Mul(n, cycles)
	} else {
		x = ops.Minimum(x, n)
	}
	end := orElse(s.EndLearningRate, 1e-4)
	left := ops.SubScalarFrom(1, ops.Div(x, n))
	span := float64(float32(s.InitialLearningRate) - float32(end))
	return ops.AddScalar(ops.MulScalar(ops.PowScalar(left, orElse(s.Power, 1)), span), end)
}

var _ Schedule = PolynomialDecay{}
