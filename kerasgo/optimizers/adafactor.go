package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Adafactor keeps the mean square of a matrix's gradient as that of its rows, r, and
// of its columns, c (Shazeer and Stern, 2018). In step t with gradient g,
//
//	β = 1 - t^beta_2_decay;  r = β·r + (1-β)·mean(g²+epsilon_1 over columns);  c alike over rows
//	v = r·c / mean(r), or β·v + (1-β)·(g²+epsilon_1) with fewer than two axes;  u = g/√v
//	w -= max(epsilon_2, rms(w))·min(lr, 1/√t) · u/max(1, rms(u)/clip_threshold)
//
// With RelativeStep a constant learning rate is at most 1/√t.
type Adafactor struct {
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
	// exponent of the step in what is kept of the mean squares
	Beta2Decay *float64 `keras:"beta_2_decay,default=-0.8"`
	// added to the squared gradient
	Epsilon1 *float64 `keras:"epsilon_1,default=1e-30"`
	// least root mean square of a variable
	Epsilon2 *float64 `keras:"epsilon_2,default=0.001"`
	// largest root mean square of an update
	ClipThreshold *float64 `keras:"clip_threshold,default=1.0"`
	// whether a constant learning rate falls with the steps
	RelativeStep *bool `keras:"relative_step,default=true"`
	// name of the optimizer
	Name string `keras:"name,default=adafactor"`
}

func init() { spec.Register[Adafactor]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Adafactor) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots lists, for each variable, the mean squares of rows and of columns and the
// velocity. With fewer than two axes the first two are numbers that stay 0, which
// Keras keeps too.
func (o Adafactor) Slots(vars []tensor.Shape) []Slot {
	slots := o.Options().Slots(vars)
	for i, s := range vars {
		rows, columns := tensor.Shape{}, tensor.Shape{}
		n := len(s)
		if n >= 2 {
			rows, columns = s[:n-1].Clone(), append(s[:n-2].Clone(), s[n-1])
		}
		slots = append(slots, Slot{Name: "r", Var: i, Shape: rows, Untracked: n < 2}, Slot{Name: "c", Var: i, Shape: columns, Untracked: n < 2}, Slot{Name: "velocity", Var: i, Shape: s.Clone()})
	}
	return slots
}

// Update does one step for variable i.
func (o Adafactor) Update(s *Step, i int) {
	root := s.Once("root", func() graph.Value { return ops.Rsqrt(s.T) })
	rho := s.Once("rho", func() graph.Value { return ops.Minimum(s.LR, root) }) // relative_step asks for the same minimum once more
	keep := s.Once("keep", func() graph.Value { return ops.SubScalarFrom(1, ops.PowScalar(s.T, *o.Beta2Decay)) })
	mix := func(slot string, mean graph.Value) graph.Value {
		v := ops.Add(ops.Mul(keep, s.Slot(slot, i)), ops.Mul(ops.SubScalarFrom(1, keep), mean))
		s.SetSlot(slot, i, v)
		return v
	}
	g, w := s.Grad(i), s.Value(i)
	square := ops.AddScalar(ops.Square(g), *o.Epsilon1)
	var v graph.Value
	if len(w.Shape()) >= 2 {
		r := mix("r", ops.Mean(square, []int{-1}, false))
		c := mix("c", ops.Mean(square, []int{-2}, false))
		v = ops.Mul(ops.ExpandDims(ops.Div(r, ops.Mean(r, []int{-1}, true)), -1), ops.ExpandDims(c, -2))
		s.SetSlot("velocity", i, v)
	} else {
		v = mix("velocity", square)
	}
	u := ops.Div(g, ops.Sqrt(v))
	u = ops.Div(u, ops.MaximumScalar(ops.DivScalar(rms(u), *o.ClipThreshold), 1))
	s.Set(i, ops.Sub(w, ops.Mul(ops.Mul(ops.MaximumScalar(rms(w), *o.Epsilon2), rho), u)))
}

// rms is the root of the mean square.
func rms(x graph.Value) graph.Value { return ops.Sqrt(ops.Mean(ops.Square(x), nil, false)) }

var _ Optimizer = Adafactor{}
