package optimizers

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Nadam is Adam with Nesterov momentum (Dozat, 2016): in step t with gradient g,
//
//	u(t) = beta_1·(1 - 0.96^t/2);  U = u(1)·…·u(t)
//	m += (g-m)·(1-beta_1);  v += (g²-v)·(1-beta_2)
//	m̂ = u(t+1)·m/(1-U·u(t+1)) + (1-u(t))·g/(1-U);  v̂ = v/(1-beta_2^t)
//	w -= lr·m̂ / (sqrt(v̂)+epsilon)
type Nadam struct {
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
	Name string `keras:"name,default=nadam"`
}

func init() { spec.Register[Nadam]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Nadam) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists momentum and velocity of each variable side by side, then the product
// U.
func (o Nadam) Slots(vars []tensor.Shape) []Slot {
	slots := append(o.Options().Slots(vars), PerVariable(vars, "momentum", "velocity")...)
	return append(slots, Slot{Name: "u_product", Var: -1, Init: 1, Untracked: true, Follows: o.product})
}

// product returns U after so many steps.
func (o Nadam) product(steps int) float64 {
	p, b1 := 1.0, orElse(o.Beta1, 0.9)
	for t := range min(steps/max(1, o.GradientAccumulationSteps), 10000) { // by then it is 0
		p *= b1 * (1 - 0.5*math.Pow(0.96, float64(t+1)))
	}
	return p
}

// Update does one step for variable i.
func (o Nadam) Update(s *Step, i int) {
	b1, b2 := orElse(o.Beta1, 0.9), orElse(o.Beta2, 0.999)
	u := func(t graph.Value) graph.Value {
		return ops.MulScalar(ops.SubScalarFrom(1, ops.MulScalar(s.pow(0.96, t), 0.5)), b1)
	}
	ut := s.Once("u", func() graph.Value { return u(s.T) })
	next := s.Once("next", func() graph.Value { return u(ops.AddScalar(s.T, 1)) })
	product := s.shared("product", func() graph.Value {
		p := s.Slot("u_product", -1) // float32, whatever the variables are
		p = ops.Mul(p, ops.Cast(ut, p.DType()))
		s.SetSlot("u_product", -1, p)
		return p
	})
	product = ops.Cast(product, ut.DType())
	g, m, v := s.Grad(i), s.Slot("momentum", i), s.Slot("velocity", i)
	m = ops.Add(m, ops.MulScalar(ops.Sub(g, m), oneMinus(b1)))
	v = ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(g), v), oneMinus(b2)))
	s.SetSlot("momentum", i, m)
	s.SetSlot("velocity", i, v)
	ahead := ops.Div(ops.Mul(next, m), ops.SubScalarFrom(1, ops.Mul(product, next)))
	now := ops.Div(ops.Mul(ops.SubScalarFrom(1, ut), g), ops.SubScalarFrom(1, product))
	root := ops.Sqrt(ops.Div(v, ops.SubScalarFrom(1, s.pow(b2, s.T))))
	s.Set(i, ops.Sub(s.Value(i), ops.Div(ops.Mul(ops.Add(ahead, now), s.LR), ops.AddScalar(root, orElse(o.Epsilon, 1e-7)))))
}

var _ Optimizer = Nadam{}
