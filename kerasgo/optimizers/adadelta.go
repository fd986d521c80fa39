package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Adadelta does, with gradient g,
//
//	a = rho·a + (1-rho)·g²;  d = -g·sqrt(b+epsilon)/sqrt(a+epsilon)
//	b = rho·b + (1-rho)·d²;  w += lr·d
//
// (Zeiler, 2012). The default learning rate of 0.001 is far below the 1 of the paper
// and of old Keras versions.
type Adadelta struct {
	LearningRate              any      `keras:"learning_rate,pos,kind=schedule,default=0.001"` // a number or a schedule
	WeightDecay               *float64 `keras:"weight_decay"`                                  // variables shrink by this times the learning rate before each update; nil means not
	ClipNorm                  *float64 `keras:"clipnorm"`                                      // largest norm of each gradient
	GlobalClipNorm            *float64 `keras:"global_clipnorm"`                               // largest norm of all gradients together
	ClipValue                 *float64 `keras:"clipvalue"`                                     // largest absolute value in a gradient
	UseEMA                    bool     `keras:"use_ema"`                                       // keep moving averages of the variables
	EMAMomentum               *float64 `keras:"ema_momentum,default=0.99,min=0,max=1"`         // what is kept of the averages in each step
	EMAOverwriteFrequency     int      `keras:"ema_overwrite_frequency,min=1"`                 // overwrite variables with their averages every so many steps; 0 means only at the end
	LossScaleFactor           *float64 `keras:"loss_scale_factor,since=3.1"`                   // the loss is multiplied by it and gradients are divided by it
	GradientAccumulationSteps int      `keras:"gradient_accumulation_steps,min=2,since=3.1"`   // update only every so many steps, with the mean gradient; 0 means every step
	Rho                       *float64 `keras:"rho,default=0.95,min=0,max=1"`                  // what is kept of the means in each step
	Epsilon                   *float64 `keras:"epsilon,default=1e-07"`                         // added under the roots
	// name of the optimizer
	Name string `keras:"name,default=adadelta"`
}

func init() { spec.Register[Adadelta]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Adadelta) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists accumulated_grad and accumulated_delta_var of each variable side by
// side.
func (o Adadelta) Slots(vars []tensor.Shape) []Slot {
	return append(o.Options().Slots(vars), PerVariable(vars, "accumulated_grad", "accumulated_delta_var")...)
}

// Update does one step for variable i.
func (o Adadelta) Update(s *Step, i int) {
	g, rho := s.Grad(i), orElse(o.Rho, 0.95)
	rms := func(x graph.Value) graph.Value { return ops.Sqrt(ops.AddScalar(x, orElse(o.Epsilon, 1e-7))) }
	mean := func(old, x graph.Value) graph.Value {
		return ops.Add(ops.MulScalar(old, rho), ops.MulScalar(ops.Square(x), 1-rho))
	}
	a, b := s.Slot("accumulated_grad", i), s.Slot("accumulated_delta_var", i)
	a = mean(a, g)
	d := ops.Neg(ops.Div(ops.Mul(rms(b), g), rms(a)))
	s.SetSlot("accumulated_grad", i, a)
	s.SetSlot("accumulated_delta_var", i, mean(b, d))
	s.Set(i, ops.Add(s.Value(i), ops.Mul(s.LR, d)))
}

var _ Optimizer = Adadelta{}
