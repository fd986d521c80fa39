package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Lion does, with gradient g,
//
//	w -= lr·sign(beta_1·m + (1-beta_1)·g);  m = beta_2·m + (1-beta_2)·g
//
// (Chen et al., 2023). It wants a learning rate about ten times smaller than Adam's.
type Lion struct {
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
	// how much of the momentum goes into the step; above 0
	Beta1 *float64 `keras:"beta_1,default=0.9,min=0,max=1"`
	// what is kept of the momentum in each step
	Beta2 *float64 `keras:"beta_2,default=0.99,min=0,max=1"`
	// name of the optimizer
	Name string `keras:"name,default=lion"`
}

func init() { spec.Register[Lion]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Lion) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists the momentum of each variable.
func (o Lion) Slots(vars []tensor.Shape) []Slot {
	return append(o.Options().Slots(vars), PerVariable(vars, "momentum")...)
}

// Update does one step for variable i.
func (o Lion) Update(s *Step, i int) {
	b1, b2 := orElse(o.Beta1, 0.9), orElse(o.Beta2, 0.99)
	if b1 == 0 {
		s.Graph().Errorf("Lion wants beta_1 above 0")
	}
	g, m := s.Grad(i), s.Slot("momentum", i)
	mix := func(b float64) graph.Value { return ops.Add(ops.MulScalar(m, b), ops.MulScalar(g, oneMinus(b))) }
	s.Set(i, ops.Sub(s.Value(i), ops.Mul(s.LR, ops.Sign(mix(b1)))))
	s.SetSlot("momentum", i, mix(b2))
}

var _ Optimizer = Lion{}
