package optimizers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// LossScaleOptimizer multiplies the loss by a scale, so that small gradients are
// numbers that half precision has, divides the gradients by it and leaves the rest
// to another optimizer. When a gradient is not finite the step changes nothing but
// the scale, which is halved; after DynamicGrowthSteps finite steps it is doubled.
//
// Compile puts it around the optimizer of a model under "mixed_float16".
type LossScaleOptimizer struct {
	// the optimizer that updates the variables
	InnerOptimizer any `keras:"inner_optimizer,pos,required,kind=optimizer"`
	// scale at the first step; a large one is soon lowered
	InitialScale *float64 `keras:"initial_scale,default=32768,min=0"`
	// finite steps after which the scale is doubled
	DynamicGrowthSteps int `keras:"dynamic_growth_steps,default=2000,min=1"`
	// name of the optimizer
	Name string `keras:"name,default=loss_scale_optimizer"`
}

func init() {
	spec.Register[LossScaleOptimizer]("keras.optimizers", spec.Ignored("weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema=false",
		"ema_momentum=0.99", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps", "dynamic=true"))
}

// Names of the slots of a LossScaleOptimizer.
const (
	ScaleSlot       = "dynamic_scale"
	stepCounterSlot = "step_counter"
)

// Completed resolves the inner optimizer.
func (o LossScaleOptimizer) Completed() (any, error) {
	inner, err := Get(o.InnerOptimizer)
	if err != nil {
		return nil, err
	}
	o.InnerOptimizer = inner
	return o, nil
}

func (o LossScaleOptimizer) inner() Optimizer { return o.InnerOptimizer.(Optimizer) }

// Options returns the inner optimizer's arguments; its own loss scale is out of use.
func (o LossScaleOptimizer) Options() Options {
	opt := o.inner().Options()
	opt.LossScale = nil
	return opt
}

// Slots lists the step counter and the scale, then what the inner optimizer keeps.
func (o LossScaleOptimizer) Slots(vars []tensor.Shape) []Slot {
	return append(o.own(), unsaved(o.inner().Slots(vars))...)
}

// unsaved marks the slots that Keras forgets to save, since it builds the inner optimizer
// with tracking off.
func unsaved(inner []Slot) []Slot {
	for i, s := range inner {
		inner[i].Unsaved = s.Untracked
	}
	return inner
}

func (o LossScaleOptimizer) own() []Slot {
	return []Slot{{Name: stepCounterSlot, Var: -1, Shape: tensor.Shape{}, Whole: true}, {Name: ScaleSlot, Var: -1, Shape: tensor.Shape{}, Init: *o.InitialScale}}
}

// Update is not called: apply does the step.
func (LossScaleOptimizer) Update(*Step, int) {}

// apply does the inner optimizer's step with the gradients divided by the scale, if all
// of them are finite, and adapts the scale.
func (o LossScaleOptimizer) apply(in StepInput) {
	count, scale := in.Slot(0), in.Slot(1)
	own := len(o.own())
	inner := in
	inner.LossScaled = false
	inner.Slot = func(i int) graph.Value { return in.Slot(own + i) }
	inner.Vars = slices.Clone(in.Vars)
	var zero graph.Value // 0 if all are finite, else NaN
	for i, v := range in.Vars {
		if !v.Grad.OK() {
			continue
		}
		part := ops.Cast(ops.Sum(ops.MulScalar(v.Grad, 0), nil, false), tensor.Float32)
		if zero.OK() {
			part = ops.Add(zero, part)
		}
		zero = part
		inner.Vars[i].Grad = ops.Div(v.Grad, ops.Cast(scale, v.Grad.DType()))
	}
	if !zero.OK() {
		zero = ops.Scalar(scale, 0)
	}
	finite := ops.Equal(zero, ops.Scalar(zero, 0))
	inner.Assign = func(variable, v graph.Value) {
		if variable == in.Iteration {
			in.Assign(variable, ops.Add(variable, ops.Cast(finite, tensor.Int32)))
			return
		}
		in.Assign(variable, ops.Where(ops.Cast(finite, v.DType()), v, variable))
	}
	Apply(o.inner(), inner)
	full := ops.Equal(count, ops.Scalar(count, float64(o.DynamicGrowthSteps-1)))
	none := ops.Scalar(count, 0)
	in.Assign(count, ops.Where(finite, ops.Where(full, none, ops.AddScalar(count, 1)), none))
	in.Assign(scale, ops.Where(finite, ops.Where(full, ops.MulScalar(scale, 2), scale), ops.MulScalar(scale, 0.5)))
}

var (
	_ Optimizer      = LossScaleOptimizer{}
	_ spec.Completer = LossScaleOptimizer{}
)
