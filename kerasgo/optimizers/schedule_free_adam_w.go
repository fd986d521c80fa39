package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ScheduleFreeAdamW is Adam that needs no schedule of the learning rate, because the
// variables follow the mean of all steps (Defazio et al., 2024). In step t with
// gradient g at y, the variable,
//
//	v += (g²-v)·(1-beta_2);  z -= lr·g / (√(v/(1-beta_2^t)) + epsilon)
//	x = (1-1/t)·x + z/t;  y = (1-beta_1)·z + beta_1·x
//
// z is the slot momentum, which starts as the variable; x is recovered from y and
// z. The learning rate grows from 0 during WarmupSteps steps.
type ScheduleFreeAdamW struct {
	// a number or a schedule
	LearningRate any `keras:"learning_rate,pos,kind=schedule,default=0.0025"`
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
	// share of the mean in the variable
	Beta1 *float64 `keras:"beta_1,default=0.9,min=0,max=1"`
	// what is kept of the mean squared gradient in each step
	Beta2 *float64 `keras:"beta_2,default=0.999,min=0,max=1"`
	// added to the root of the mean square
	Epsilon *float64 `keras:"epsilon,default=1e-08"`
	// steps in which the learning rate grows
	WarmupSteps int `keras:"warmup_steps,min=0"`
	// name of the optimizer
	Name string `keras:"name,default=schedule_free_adam_w"`
}

func init() { spec.Register[ScheduleFreeAdamW]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o ScheduleFreeAdamW) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists momentum and velocity of each variable side by side.
func (o ScheduleFreeAdamW) Slots(vars []tensor.Shape) []Slot {
	slots := PerVariable(vars, "momentum", "velocity")
	for i := range slots {
		slots[i].Copy = slots[i].Name == "momentum"
	}
	return append(o.Options().Slots(vars), slots...)
}

// Update does one step for variable i.
func (o ScheduleFreeAdamW) Update(s *Step, i int) {
	b1, b2 := *o.Beta1, *o.Beta2
	rate := s.Once("rate", func() graph.Value {
		if o.WarmupSteps == 0 {
			return s.LR
		}
		return ops.Mul(s.LR, ops.MinimumScalar(ops.DivScalar(s.T, float64(o.WarmupSteps)), 1))
	})
	correction := s.Once("correction", func() graph.Value { return ops.SubScalarFrom(1, s.pow(b2, s.T)) })
	weight := s.Once("weight", func() graph.Value { return ops.Reciprocal(s.T) })
	g, old, v := s.Grad(i), s.Slot("momentum", i), s.Slot("velocity", i)
	v = ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(g), v), oneMinus(b2)))
	s.SetSlot("velocity", i, v)
	z := ops.Sub(old, ops.Div(ops.Mul(rate, g), ops.AddScalar(ops.Sqrt(ops.Div(v, correction)), *o.Epsilon)))
	s.SetSlot("momentum", i, z)
	x := ops.DivScalar(ops.Sub(s.Value(i), ops.MulScalar(old, oneMinus(b1))), b1)
	x = ops.Add(ops.Mul(ops.SubScalarFrom(1, weight), x), ops.Mul(weight, z))
	s.Set(i, ops.Add(ops.MulScalar(z, oneMinus(b1)), ops.MulScalar(x, b1)))
}

var _ Optimizer = ScheduleFreeAdamW{}
