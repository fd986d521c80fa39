package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Ftrl is follow-the-regularized-leader (McMahan et al., 2013), for shallow models
// with many sparse features: with gradient g, p = -learning_rate_power,
// l2 = l2_regularization_strength + beta/(2·lr) and
// g' = g + 2·l2_shrinkage_regularization_strength·w,
//
//	n' = n + g²;  z += g' - (n'^p - n^p)/lr·w
//	w = (clip(z, -l1, l1) - z) / (n'^p/lr + 2·l2);  n = n'
type Ftrl struct {
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
	// power of the sum of squares that divides the learning rate; at most 0
	LearningRatePower *float64 `keras:"learning_rate_power,default=-0.5,max=0"`
	// sum of squares to start from
	InitialAccumulatorValue *float64 `keras:"initial_accumulator_value,default=0.1,min=0"`
	// pulls weights to exactly 0
	L1RegularizationStrength float64 `keras:"l1_regularization_strength,default=0,min=0"`
	// pulls weights towards 0
	L2RegularizationStrength float64 `keras:"l2_regularization_strength,default=0,min=0"`
	// a penalty on the size of weights that acts through the gradient
	L2ShrinkageRegularizationStrength float64 `keras:"l2_shrinkage_regularization_strength,default=0,min=0"`
	// the β of the paper
	Beta float64 `keras:"beta,default=0"`
	// name of the optimizer
	Name string `keras:"name,default=ftrl"`
}

func init() { spec.Register[Ftrl]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Ftrl) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists accumulator and linear of each variable side by side.
func (o Ftrl) Slots(vars []tensor.Shape) []Slot {
	slots := PerVariable(vars, "accumulator", "linear")
	for i := range slots {
		if slots[i].Name == "accumulator" {
			slots[i].Init = orElse(o.InitialAccumulatorValue, 0.1)
		}
	}
	return append(o.Options().Slots(vars), slots...)
}

// Update does one step for variable i.
func (o Ftrl) Update(s *Step, i int) {
	power := -orElse(o.LearningRatePower, -0.5)
	l1 := o.L1RegularizationStrength
	w, g, n, z := s.Value(i), s.Grad(i), s.Slot("accumulator", i), s.Slot("linear", i)
	l2 := s.Once("l2", func() graph.Value {
		return ops.AddScalar(ops.Div(s.scalar(o.Beta), ops.MulScalar(s.LR, 2)), o.L2RegularizationStrength)
	})
	n1 := ops.Add(n, ops.Square(g))
	root := ops.PowScalar(n1, power)
	shrunk := ops.Add(g, ops.MulScalar(w, 2*o.L2ShrinkageRegularizationStrength))
	z = ops.Add(z, ops.Sub(shrunk, ops.Mul(ops.Div(ops.Sub(root, ops.PowScalar(n, power)), s.LR), w)))
	quadratic := ops.Add(ops.Div(root, s.LR), ops.MulScalar(l2, 2))
	s.Set(i, ops.Div(ops.Sub(ops.Clip(z, -l1, l1), z), quadratic))
	s.SetSlot("linear", i, z)
	s.SetSlot("accumulator", i, n1)
}

var _ Optimizer = Ftrl{}
