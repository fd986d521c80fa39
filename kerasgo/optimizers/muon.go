package optimizers

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Muon updates matrices by their momentum made orthogonal (Jordan et al., 2024), and
// everything else, embeddings among it, by AdamW. In a step with gradient g,
//
//	m = momentum·m + g;  u = g + momentum·m (m without Nesterov)
//	X = u/‖u‖;  NSSteps times: A = X·Xᵀ, X = a·X + (b·A + c·A·A)·X;  w -= lr·√max(rows, columns)·rms_rate·X
type Muon struct {
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
	// what AdamW keeps of the mean gradient in each step
	AdamBeta1 *float64 `keras:"adam_beta_1,default=0.9,min=0,max=1"`
	// what AdamW keeps of the mean squared gradient in each step
	AdamBeta2 *float64 `keras:"adam_beta_2,default=0.999,min=0,max=1"`
	// added to the root of AdamW's mean square
	Epsilon *float64 `keras:"epsilon,default=1e-07"`
	// regular expressions; AdamW updates the variables whose paths they match in part
	ExcludeLayers []string `keras:"exclude_layers"`
	// a of the iteration
	MuonA *float64 `keras:"muon_a,default=3.4445"`
	// b of the iteration
	MuonB *float64 `keras:"muon_b,default=-4.775"`
	// c of the iteration
	MuonC *float64 `keras:"muon_c,default=2.0315"`
	// learning rate of AdamW as a share of the learning rate
	AdamLRRatio *float64 `keras:"adam_lr_ratio,default=1"`
	// what is kept of the momentum in each step
	Momentum *float64 `keras:"momentum,default=0.95"`
	// iterations that make the momentum orthogonal
	NSSteps *int `keras:"ns_steps,default=5,min=0"`
	// whether to look a step ahead
	Nesterov *bool `keras:"nesterov,default=true"`
	// whether AdamW updates variables with "embedding" in their path
	ExcludeEmbeddings *bool `keras:"exclude_embeddings,default=true"`
	// weight decay of the variables that AdamW updates
	AdamWeightDecay *float64 `keras:"adam_weight_decay,default=0.004,none=-1"`
	// size of an update beside AdamW's; null means that it is not adapted
	RMSRate *float64 `keras:"rms_rate,default=0.2,none=-1"`
	// name of the optimizer
	Name string `keras:"name,default=muon"`
}

func init() { spec.Register[Muon]("keras.optimizers", keras2) }

// Options returns the shared arguments.
func (o Muon) Options() Options {
	return Options{
		o.LearningRate, o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue,
		o.UseEMA, o.EMAMomentum, o.EMAOverwriteFrequency, o.LossScaleFactor, o.GradientAccumulationSteps,
	}
}

// Slots knows no paths; SlotsOf does.
func (o Muon) Slots(vars []tensor.Shape) []Slot { return o.SlotsOf(make([]string, len(vars)), vars) }

// SlotsOf lists the momentum of each variable and, for AdamW, its velocity.
func (o Muon) SlotsOf(paths []string, vars []tensor.Shape) []Slot {
	slots := o.Options().Slots(vars)
	for i, s := range vars {
		slots = append(slots, Slot{Name: "momentum", Var: i, Shape: s.Clone()})
		if o.byAdam(paths[i], s) {
			slots = append(slots, Slot{Name: "velocity", Var: i, Shape: s.Clone()})
		}
	}
	return slots
}

// Completed checks the regular expressions.
func (o Muon) Completed() (any, error) {
	for _, e := range o.ExcludeLayers {
		if _, err := regexp.Compile(e); err != nil {
			return nil, fmt.Errorf("exclude_layers: %w", err)
		}
	}
	return o, nil
}

func (o Muon) byAdam(path string, s tensor.Shape) bool {
	if len(s) != 2 || *o.ExcludeEmbeddings && strings.Contains(strings.ToLower(path), "embedding") {
		return true
	}
	for _, e := range o.ExcludeLayers {
		if r, err := regexp.Compile(e); err == nil && r.MatchString(path) {
			return true
		}
	}
	return false
}

// Decay returns the weight decay of a variable; nil means none.
func (o Muon) Decay(path string, s tensor.Shape) *float64 {
	d := o.WeightDecay
	if o.byAdam(path, s) {
		d = o.AdamWeightDecay
	}
	if d == nil || *d == -1 {
		return nil
	}
	return d
}

// Update does one step for variable i.
func (o Muon) Update(s *Step, i int) {
	if o.byAdam(s.Path(i), s.Value(i).Shape()) {
		full := s.LR
		s.LR = ops.MulScalar(full, *o.AdamLRRatio)
		Adam{Beta1: o.AdamBeta1, Beta2: o.AdamBeta2, Epsilon: o.Epsilon}.Update(s, i)
		s.LR = full
		return
	}
	g, m, mu := s.Grad(i), s.Slot("momentum", i), *o.Momentum
	m = ops.Add(m, ops.Add(g, ops.MulScalar(m, mu-1)))
	s.SetSlot("momentum", i, m)
	if *o.Nesterov {
		m = ops.Add(g, ops.MulScalar(m, mu))
	}
	u := ops.Mul(s.LR, o.orthogonal(m))
	if *o.RMSRate != -1 {
		shape := u.Shape()
		u = ops.MulScalar(u, math.Sqrt(float64(max(shape[0], shape[1])))**o.RMSRate)
	}
	s.Set(i, ops.Sub(s.Value(i), u))
}

// orthogonal brings the singular values of a matrix near 1 by the Newton-Schulz
// iteration.
func (o Muon) orthogonal(x graph.Value) graph.Value {
	tall := x.Shape()[0] > x.Shape()[1]
	if tall {
		x = ops.Transpose(x)
	}
	x = ops.Div(x, ops.AddScalar(ops.Sqrt(ops.Sum(ops.Square(x), nil, false)), 1e-7))
	for range *o.NSSteps {
		a := ops.MatMulT(x, x, false, true)
		b := ops.Add(ops.MulScalar(a, *o.MuonB), ops.MatMul(ops.MulScalar(a, *o.MuonC), a))
		x = ops.Add(ops.MulScalar(x, *o.MuonA), ops.MatMul(b, x))
	}
	if tall {
		x = ops.Transpose(x)
	}
	return x
}

var (
	_ Optimizer      = Muon{}
	_ PathSlots      = Muon{}
	_ spec.Completer = Muon{}
)
