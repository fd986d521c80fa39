package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Adam does, in step t with gradient g,
//
//	m += (g-m)·(1-beta_1);  v += (g²-v)·(1-beta_2)
//	w -= m·lr·sqrt(1-beta_2^t)/(1-beta_1^t) / (sqrt(v)+epsilon)
//
// Epsilon is added after the bias correction, unlike in the paper (Kingma & Ba, 2014)
// and PyTorch. With AMSGrad the largest v so far takes the place of v.
type Adam struct {
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
	// what is kept of the mean gradient in each step
	Beta1 *float64 `keras:"beta_1,default=0.9,min=0,max=1"`
	// what is kept of the mean squared gradient in each step
	Beta2 *float64 `keras:"beta_2,default=0.999,min=0,max=1"`
	// added to the root of the mean square
	Epsilon *float64 `keras:"epsilon,default=1e-07"`
	// divide by the largest mean square so far
	AMSGrad bool `keras:"amsgrad"`
	// name of the optimizer
	Name string `keras:"name,default=adam"`
}

func init() { spec.Register[Adam]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Adam) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists momentum and velocity of each variable side by side, then with AMSGrad
// velocity_hat of each.
func (o Adam) Slots(vars []tensor.Shape) []Slot {
	slots := append(o.Options().Slots(vars), PerVariable(vars, "momentum", "velocity")...)
	if o.AMSGrad {
		slots = append(slots, PerVariable(vars, "velocity_hat")...)
	}
	return slots
}

// Update does one step for variable i.
func (o Adam) Update(s *Step, i int) {
	b1, b2 := orElse(o.Beta1, 0.9), orElse(o.Beta2, 0.999)
	alpha := s.Once("alpha", func() graph.Value {
		correction := ops.Sqrt(ops.SubScalarFrom(1, s.pow(b2, s.T)))
		return ops.Div(ops.Mul(s.LR, correction), ops.SubScalarFrom(1, s.pow(b1, s.T)))
	})
	g, m, v := s.Grad(i), s.Slot("momentum", i), s.Slot("velocity", i)
	m = ops.Add(m, ops.MulScalar(ops.Sub(g, m), 1-b1))
	v = ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(g), v), 1-b2))
	s.SetSlot("momentum", i, m)
	s.SetSlot("velocity", i, v)
	if o.AMSGrad {
		v = ops.Maximum(s.Slot("velocity_hat", i), v)
		s.SetSlot("velocity_hat", i, v)
	}
	s.Set(i, ops.Sub(s.Value(i), ops.Div(ops.Mul(m, alpha), ops.AddScalar(ops.Sqrt(v), orElse(o.Epsilon, 1e-7)))))
}

var _ Optimizer = Adam{}
