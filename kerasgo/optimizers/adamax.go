package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Adamax is Adam with the infinity norm: in step t with gradient g,
//
//	m += (g-m)·(1-beta_1);  u = max(beta_2·u, |g|)
//	w -= lr·m / ((1-beta_1^t)·(u+epsilon))
//
// (Kingma & Ba, 2014).
type Adamax struct {
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
	// added to the norm
	Epsilon *float64 `keras:"epsilon,default=1e-07"`
	// name of the optimizer
	Name string `keras:"name,default=adamax"`
}

func init() { spec.Register[Adamax]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Adamax) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists momentum and norm of each variable side by side.
func (o Adamax) Slots(vars []tensor.Shape) []Slot {
	return append(o.Options().Slots(vars), PerVariable(vars, "momentum", "norm")...)
}

// Update does one step for variable i.
func (o Adamax) Update(s *Step, i int) {
	b1 := orElse(o.Beta1, 0.9)
	g, m := s.Grad(i), s.Slot("momentum", i)
	m = ops.Add(m, ops.MulScalar(ops.Sub(g, m), 1-b1))
	u := ops.Maximum(ops.MulScalar(s.Slot("norm", i), orElse(o.Beta2, 0.999)), ops.Abs(g))
	s.SetSlot("momentum", i, m)
	s.SetSlot("norm", i, u)
	correction := s.Once("correction", func() graph.Value { return ops.SubScalarFrom(1, s.pow(b1, s.T)) })
	s.Set(i, ops.Sub(s.Value(i), ops.Div(ops.Mul(s.LR, m), ops.Mul(correction, ops.AddScalar(u, orElse(o.Epsilon, 1e-7))))))
}

var _ Optimizer = Adamax{}
