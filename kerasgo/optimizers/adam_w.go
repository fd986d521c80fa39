package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AdamW is Adam with decoupled weight decay, on by default (Loshchilov & Hutter, 2017).
type AdamW struct {
	// a number or a schedule
	LearningRate any `keras:"learning_rate,pos,kind=schedule,default=0.001"`
	// variables shrink by this times the learning rate before each update; nil means not
	WeightDecay *float64 `keras:"weight_decay,default=0.004"`
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
	Name string `keras:"name,default=adam_w"`
}

func init() { spec.Register[AdamW]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o AdamW) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists momentum and velocity of each variable side by side, then with AMSGrad
// velocity_hat of each.
func (o AdamW) Slots(vars []tensor.Shape) []Slot {
	return o.adam().Slots(vars)
}

// Update does one step for variable i.
func (o AdamW) Update(s *Step, i int) { o.adam().Update(s, i) }

// adam is what does the steps; Apply sees to the decay.
func (o AdamW) adam() Adam {
	return Adam{
		Beta1: o.Beta1, Beta2: o.Beta2, Epsilon: o.Epsilon, AMSGrad: o.AMSGrad,
		UseEMA: o.UseEMA, GradientAccumulationSteps: o.GradientAccumulationSteps,
	}
}

var _ Optimizer = AdamW{}
