package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Lamb is Adam whose step is scaled to the length of the variable, for large batches
// (You et al., 2019): in step t with gradient g,
//
//	m += (g-m)·(1-beta_1);  v += (g²-v)·(1-beta_2)
//	u = m/(1-beta_1^t) / (sqrt(v/(1-beta_2^t))+epsilon)
//	w -= lr·u·‖w‖/‖u‖, or lr·u if either length is 0
//
// Keras knows it by class name only, not by a string.
type Lamb struct {
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
	// name of the optimizer
	Name string `keras:"name,default=lamb"`
}

func init() { spec.Register[Lamb]("keras.optimizers", spec.NotByString(), keras2) }

// Options returns the shared arguments.
func (o Lamb) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists momentum and velocity of each variable side by side.
func (o Lamb) Slots(vars []tensor.Shape) []Slot {
	return append(o.Options().Slots(vars), PerVariable(vars, "momentum", "velocity")...)
}

// Update does one step for variable i.
func (o Lamb) Update(s *Step, i int) {
	b1, b2 := orElse(o.Beta1, 0.9), orElse(o.Beta2, 0.999)
	w, g, m, v := s.Value(i), s.Grad(i), s.Slot("momentum", i), s.Slot("velocity", i)
	m = ops.Add(m, ops.MulScalar(ops.Sub(g, m), 1-b1))
	v = ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(g), v), 1-b2))
	s.SetSlot("momentum", i, m)
	s.SetSlot("velocity", i, v)
	root := ops.Sqrt(ops.Div(v, ops.SubScalarFrom(1, s.pow(b2, s.T))))
	u := ops.Div(ops.Div(m, ops.SubScalarFrom(1, s.pow(b1, s.T))), ops.AddScalar(root, orElse(o.Epsilon, 1e-7)))
	length := func(x graph.Value) graph.Value { return ops.Sqrt(ops.Sum(ops.Square(x), nil, false)) }
	lw, lu := length(w), length(u)
	both := ops.And(ops.GreaterScalar(lw, 0), ops.GreaterScalar(lu, 0))
	ratio := ops.Where(both, ops.Div(lw, lu), s.scalar(1))
	s.Set(i, ops.Sub(w, ops.Mul(ops.Mul(ratio, s.LR), u)))
}

var _ Optimizer = Lamb{}
