package optimizers

import (
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
	return append(o.own(), o.inner().Slots(vars)...)
}

func (o LossScaleOptimizer) own() []Slot {
	return []Slot{{Name: stepCounterSlot, Var: -1, Shape: tensor.Shape{}}, {Name: ScaleSlot, Var: -1, Shape: tensor.Shape{}, Init: *o.InitialScale}}
}

// Update does the inner optimizer's step.
func (o LossScaleOptimizer) Update(s *Step, i int) { o.inner().Update(s, i) }

// unscale divides the gradients by the scale and returns whether all of them are
// finite, as 0 or 1.
func (o LossScaleOptimizer) unscale(s *Step, active []int) (finite graph.Value) {
	scale := s.Slot(ScaleSlot, -1)
	var zero graph.Value // 0 if all are finite, else NaN
	for _, i := range active {
		part := ops.Cast(ops.Sum(ops.MulScalar(s.grads[i], 0), nil, false), tensor.Float32)
		if zero.OK() {
			part = ops.Add(zero, part)
		}
		zero = part
		s.grads[i] = ops.Div(s.grads[i], ops.Cast(scale, s.grads[i].DType()))
	}
	return ops.Equal(zero, ops.Scalar(zero, 0))
}

// finish undoes a step whose gradients are not finite, and adapts the scale.
func (o LossScaleOptimizer) finish(s *Step, in StepInput, finite graph.Value) {
	for i, v := range in.Vars {
		if s.values[i] != v.Value {
			s.values[i] = ops.Where(ops.Cast(finite, v.Value.DType()), s.values[i], v.Value)
		}
	}
	for k, set := range s.set {
		if set {
			old := in.Slot(k)
			s.state[k] = ops.Where(ops.Cast(finite, old.DType()), s.state[k], old)
		}
	}
	count, scale := s.Slot(stepCounterSlot, -1), s.Slot(ScaleSlot, -1)
	full := ops.Equal(count, ops.Scalar(count, float64(o.DynamicGrowthSteps-1)))
	zero := ops.Scalar(count, 0)
	s.SetSlot(stepCounterSlot, -1, ops.Where(finite, ops.Where(full, zero, ops.AddScalar(count, 1)), zero))
	s.SetSlot(ScaleSlot, -1, ops.Where(finite, ops.Where(full, ops.MulScalar(scale, 2), scale), ops.MulScalar(scale, 0.5)))
}

var (
	_ Optimizer      = LossScaleOptimizer{}
	_ spec.Completer = LossScaleOptimizer{}
)
