package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Adagrad does, with gradient g: a += g²;  w -= lr·g / sqrt(a+epsilon) (Duchi et al.,
// 2011).
type Adagrad struct {
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
	// sum of squares to start from
	InitialAccumulatorValue *float64 `keras:"initial_accumulator_value,default=0.1,min=0"`
	// added under the root
	Epsilon *float64 `keras:"epsilon,default=1e-07"`
	// name of the optimizer
	Name string `keras:"name,default=adagrad"`
}

func init() { spec.Register[Adagrad]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Adagrad) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists the accumulator of each variable.
func (o Adagrad) Slots(vars []tensor.Shape) []Slot {
	acc := PerVariable(vars, "accumulator")
	for i := range acc {
		acc[i].Init = orElse(o.InitialAccumulatorValue, 0.1)
	}
	return append(o.Options().Slots(vars), acc...)
}

// Update does one step for variable i.
func (o Adagrad) Update(s *Step, i int) {
	g := s.Grad(i)
	a := ops.Add(s.Slot("accumulator", i), ops.Square(g))
	s.SetSlot("accumulator", i, a)
	root := ops.Sqrt(ops.AddScalar(a, orElse(o.Epsilon, 1e-7)))
	s.Set(i, ops.Sub(s.Value(i), ops.Div(ops.Mul(s.LR, g), root)))
}

var _ Optimizer = Adagrad{}
