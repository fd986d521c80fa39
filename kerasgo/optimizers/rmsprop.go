package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RMSprop does, with gradient g,
//
//	v = rho·v + (1-rho)·g²;  w -= lr·g / sqrt(v+epsilon)
//
// Centered keeps the mean gradient a too and divides by sqrt(v-a²+epsilon). With
// momentum, m = momentum·m + update and w -= m.
type RMSprop struct {
	// a number or a schedule
	LearningRate any `keras:"learning_rate,pos,kind=schedule,default=0.001"`
	// variables shrink by this times the learning rate before each update; nil means not
	WeightDecay *float64 `keras:"weight_decay"`
	// largest norm of each gradient
	ClipNorm *float64 `keras:"clipnorm"`
	// largest norm of all gradients together
	GlobalClipNorm *float64 `keras:"global_clipnorm"`
	// largest absolute value in a gradient
	ClipValue *float64 `keras:"clipvalue"`
	// keep moving averages of the variables
	UseEMA bool `keras:"use_ema"`
	// what is kept of the averages in each step
	EMAMomentum *float64 `keras:"ema_momentum,default=0.99,min=0,max=1"`
	// overwrite variables with their averages every so many steps; 0 means only at the end
	EMAOverwriteFrequency int `keras:"ema_overwrite_frequency,min=1"`
	// the loss is multiplied by it and gradients are divided by it
	LossScaleFactor *float64 `keras:"loss_scale_factor,since=3.1"`
	// update only every so many steps, with the mean gradient; 0 means every step
	GradientAccumulationSteps int `keras:"gradient_accumulation_steps,min=2,since=3.1"`
	// what is kept of the mean squared gradient in each step
	Rho *float64 `keras:"rho,default=0.9,min=0,max=1"`
	// what is kept of the last update
	Momentum float64 `keras:"momentum,default=0,min=0"`
	// added under the root
	Epsilon *float64 `keras:"epsilon,default=1e-07"`
	// divide by the standard deviation instead of the root mean square
	Centered bool `keras:"centered"`
	// name of the optimizer
	Name string `keras:"name,default=rm_sprop"`
}

func init() { spec.Register[RMSprop]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o RMSprop) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists the velocity of each variable, then the momentum of each if it is not
// 0, then the average_gradient of each if Centered.
func (o RMSprop) Slots(vars []tensor.Shape) []Slot {
	slots := append(o.Options().Slots(vars), PerVariable(vars, "velocity")...)
	if o.Momentum > 0 {
		slots = append(slots, PerVariable(vars, "momentum")...)
	}
	if o.Centered {
		slots = append(slots, PerVariable(vars, "average_gradient")...)
	}
	return slots
}

// Update does one step for variable i.
func (o RMSprop) Update(s *Step, i int) {
	g, rho := s.Grad(i), orElse(o.Rho, 0.9)
	mean := func(slot string, x graph.Value) graph.Value {
		avg := ops.Add(ops.MulScalar(s.Slot(slot, i), rho), ops.MulScalar(x, 1-rho))
		s.SetSlot(slot, i, avg)
		return avg
	}
	spread := mean("velocity", ops.Square(g))
	if o.Centered {
		spread = ops.Sub(spread, ops.Square(mean("average_gradient", g)))
	}
	step := ops.Div(ops.Mul(s.LR, g), ops.Sqrt(ops.AddScalar(spread, orElse(o.Epsilon, 1e-7))))
	if o.Momentum > 0 {
		step = ops.Add(ops.MulScalar(s.Slot("momentum", i), o.Momentum), step)
		s.SetSlot("momentum", i, step)
	}
	s.Set(i, ops.Sub(s.Value(i), step))
}

var _ Optimizer = RMSprop{}
