package shop

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
	"github.com/kerasgo/kerasgo/spec"
)

// Smooth is an optimizer that follows the moving average of the gradient: a = keep·a +
// (1 - keep)·g; w -= learning_rate·a.
type Smooth struct {
	LearningRate any      `keras:"learning_rate,pos,kind=schedule,default=0.1"`
	Keep         *float64 `keras:"keep,default=0.8,min=0,below=1"`
	Name         string   `keras:"name,default=smooth"`
}

// Options tells the shared arguments that the optimizer has.
func (o Smooth) Options() optimizers.Options {
	return optimizers.Options{LearningRate: o.LearningRate}
}

// Slots lists the average of each variable.
func (o Smooth) Slots(vars []tensor.Shape) []optimizers.Slot {
	return optimizers.PerVariable(vars, "average_gradient")
}

// Update does one step for variable i.
func (o Smooth) Update(s *optimizers.Step, i int) {
	a := ops.Add(ops.MulScalar(s.Slot("average_gradient", i), *o.Keep), ops.MulScalar(s.Grad(i), 1-*o.Keep))
	s.SetSlot("average_gradient", i, a)
	s.Set(i, ops.Sub(s.Value(i), ops.Mul(a, s.LR)))
}

// Falling is a schedule: rate/(1 + step/half).
type Falling struct {
	Rate float64 `keras:"rate,pos,required"`
	Half float64 `keras:"half,default=10.0"` // steps until it is half the rate
}

// LearningRate computes the rate after step steps.
func (f Falling) LearningRate(step graph.Value) graph.Value {
	t := ops.AddScalar(ops.DivScalar(ops.Cast(step, tensor.Float32), f.Half), 1)
	return ops.Div(ops.Scalar(t, f.Rate), t)
}

func init() {
	spec.Register[Smooth]("shop", spec.OfKind("optimizer"), optimizers.IgnoreShared())
	spec.Register[Falling]("shop", spec.OfKind("schedule"))
}

var (
	_ optimizers.Optimizer = Smooth{}
	_ schedules.Schedule   = Falling{}
)
