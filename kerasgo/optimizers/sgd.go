package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SGD is gradient descent: w -= lr·g. With momentum,
//
//	m = momentum·m - lr·g;  w += m  (nesterov: w += momentum·m - lr·g)
type SGD struct {
	// a number or a schedule
	LearningRate any `keras:"learning_rate,pos,kind=schedule,default=0.01"`
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
	// what is kept of the last update
	Momentum float64 `keras:"momentum,default=0,min=0,max=1"`
	// look ahead along the momentum
	Nesterov bool `keras:"nesterov"`
	// name of the optimizer
	Name string `keras:"name,default=sgd"`
}

func init() { spec.Register[SGD]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o SGD) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists the momentum of each variable, unless it is 0.
func (o SGD) Slots(vars []tensor.Shape) []Slot {
	slots := o.Options().Slots(vars)
	if o.Momentum != 0 {
		slots = append(slots, PerVariable(vars, "momentum")...)
	}
	return slots
}

// Update does one step for variable i.
func (o SGD) Update(s *Step, i int) {
	step := ops.Mul(s.Grad(i), s.LR)
	if o.Momentum == 0 {
		s.Set(i, ops.Sub(s.Value(i), step))
		return
	}
	m := ops.Sub(ops.MulScalar(s.Slot("momentum", i), o.Momentum), step)
	s.SetSlot("momentum", i, m)
	if o.Nesterov {
		m = ops.Sub(ops.MulScalar(m, o.Momentum), step)
	}
	s.Set(i, ops.Add(s.Value(i), m))
}

var _ Optimizer = SGD{}
