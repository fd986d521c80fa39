package optimizers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
	"github.com/kerasgo/kerasgo/spec"
)

// Optimizer changes variables against their gradients. Its methods see a completed
// struct.
type Optimizer interface {
	// Options returns the arguments that all optimizers share.
	Options() Options
	// Slots lists the variables that the optimizer keeps for trainable variables of
	// the given shapes, in the order in which Keras saves them after iteration and
	// learning_rate. It begins with Options().Slots(vars).
	Slots(vars []tensor.Shape) []Slot
	// Update does one step for trainable variable i.
	Update(s *Step, i int)
}

// Slot is a float32 variable that an optimizer keeps.
type Slot struct {
	Name  string       // such as "momentum"
	Var   int          // index of the trainable variable it belongs to; -1 for none
	Shape tensor.Shape // that variable's shape, or ()
	Init  float64      // value before the first step
	Copy  bool         // before the first step it equals the variable
	Whole bool         // a count, which files have as an integer
	Early bool         // files have it before the first step, too

	// Unsaved tells that files leave it out: it stays as it is, or follows.
	Unsaved bool
	// Untracked makes it Unsaved inside a LossScaleOptimizer, because Keras makes it
	// without add_variable.
	Untracked bool
	// Follows computes the value after so many steps, for files that leave it out.
	Follows func(steps int) float64
}

// PathSlots is an optimizer whose slots and weight decay depend on the variables'
// paths, such as "dense/kernel".
type PathSlots interface {
	SlotsOf(paths []string, vars []tensor.Shape) []Slot
	Decay(path string, s tensor.Shape) *float64
}

// SlotsOf is o.Slots for variables whose paths are known.
func SlotsOf(o Optimizer, paths []string, vars []tensor.Shape) []Slot {
	switch o := o.(type) {
	case PathSlots:
		return o.SlotsOf(paths, vars)
	case LossScaleOptimizer:
		return append(o.own(), unsaved(SlotsOf(o.inner(), paths, vars))...)
	}
	return o.Slots(vars)
}

// decayOf returns the weight decay of a variable; nil means none.
func decayOf(o Optimizer, path string, s tensor.Shape) *float64 {
	if p, ok := o.(PathSlots); ok {
		return p.Decay(path, s)
	}
	return o.Options().WeightDecay
}

// Names of slots that Apply itself works with.
const (
	AverageSlot     = "average"              // moving average of a variable (use_ema)
	AccumulatorSlot = "gradient_accumulator" // sum of gradients (gradient_accumulation_steps)
)

// Options are the arguments that all optimizers share.
type Options struct {
	LearningRate     any      // a number or a schedules value
	WeightDecay      *float64 // variable -= variable·WeightDecay·learning rate before each update; nil means none
	ClipNorm         *float64 // largest norm of a gradient; nil means any
	GlobalClipNorm   *float64 // largest norm of all gradients together; nil means any
	ClipValue        *float64 // largest absolute value in a gradient; nil means any
	UseEMA           bool     // keep moving averages of the variables
	EMAMomentum      *float64 // what is kept of an average in a step; nil means 0.99
	EMAOverwrite     int      // overwrite variables with their averages every so many steps; 0 means never
	LossScale        *float64 // factor that the loss was multiplied with; nil means 1
	AccumulationStep int      // update only every so many steps, by the mean gradient; 0 means every step
}

// Slots lists what the shared options need: averages, then gradient accumulators.
func (o Options) Slots(vars []tensor.Shape) []Slot {
	var slots []Slot
	if o.UseEMA {
		slots = PerVariable(vars, AverageSlot)
	}
	if o.AccumulationStep > 0 {
		slots = append(slots, PerVariable(vars, AccumulatorSlot)...)
	}
	return slots
}

// PerVariable lists one slot of each name for every variable, those of one variable
// side by side, starting at 0.
func PerVariable(vars []tensor.Shape, names ...string) []Slot {
	slots := make([]Slot, 0, len(vars)*len(names))
	for i, s := range vars {
		for _, n := range names {
			slots = append(slots, Slot{Name: n, Var: i, Shape: s.Clone()})
		}
	}
	return slots
}

// check tells which options cannot go together.
func (o Options) check() error {
	set := 0
	for _, p := range []*float64{o.ClipNorm, o.GlobalClipNorm, o.ClipValue} {
		if p != nil {
			set++
		}
	}
	switch {
	case set > 1:
		return fmt.Errorf("only one of clipnorm, clipvalue and global_clipnorm can be set")
	case o.AccumulationStep == 1 || o.AccumulationStep < 0:
		return fmt.Errorf("gradient_accumulation_steps wants at least 2, got %d", o.AccumulationStep)
	case o.EMAOverwrite < 0:
		return fmt.Errorf("ema_overwrite_frequency wants at least 1, got %d", o.EMAOverwrite)
	case o.LossScale != nil && *o.LossScale == 0:
		return fmt.Errorf("loss_scale_factor must not be 0")
	}
	if m := o.EMAMomentum; m != nil && (*m < 0 || *m > 1) {
		return fmt.Errorf("ema_momentum %v is outside [0, 1]", *m)
	}
	return nil
}

// keras2 accepts what Keras 2 wrote into configurations, where it changes nothing.
var keras2 = spec.Ignored("decay=0", "is_legacy_optimizer=false", "jit_compile=true", "jit_compile=false")

// IgnoreShared makes a class of one's own accept the arguments that all optimizers of
// Keras have in files, where they are at their defaults. Those that the struct has are
// its own.
func IgnoreShared() spec.Option {
	return spec.Ignored("weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema=false", "ema_momentum=0.99",
		"ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps")
}

// Get returns the optimizer that v stands for: an Optimizer, completed when it is a
// registered class, or the optimizer with the name v.
func Get(v any) (Optimizer, error) {
	var err error
	if s, ok := v.(string); ok {
		v, err = spec.ResolveString("optimizer", s)
	} else if _, ok := spec.ClassOf(v); ok {
		v, err = spec.CompleteAny(v)
	}
	if err != nil {
		return nil, err
	}
	o, ok := v.(Optimizer)
	if !ok {
		return nil, fmt.Errorf("optimizers: %T is no optimizer", v)
	}
	if err := o.Options().check(); err != nil {
		return nil, fmt.Errorf("optimizers: %w", err)
	}
	if _, _, err := learningRate(o); err != nil {
		return nil, err
	}
	return o, nil
}

// LearningRate returns the learning rate that the optimizer was given: a number, or
// a schedule. With a schedule there is no learning_rate among its saved variables.
// An argument that is neither counts as 0; Get refuses it.
func LearningRate(o Optimizer) (value float64, schedule schedules.Schedule) {
	value, schedule, _ = learningRate(o)
	return value, schedule
}

func learningRate(o Optimizer) (float64, schedules.Schedule, error) {
	switch lr := o.Options().LearningRate.(type) {
	case float64:
		return float64(float32(lr)), nil, nil
	case float32:
		return float64(lr), nil, nil
	case int:
		return float64(lr), nil, nil
	case nil:
		return 0, nil, fmt.Errorf("optimizers: %T has no learning_rate", o)
	default:
		s, err := schedules.Get(lr)
		if err != nil {
			return 0, nil, fmt.Errorf("optimizers: learning_rate: %w", err)
		}
		return 0, s, nil
	}
}

// Variable is a trainable variable with its gradient.
type Variable struct {
	Name       string
	Value      graph.Value                     // the variable
	Grad       graph.Value                     // zero Value: the loss does not depend on it, and it stays as it is
	Constraint func(w graph.Value) graph.Value // applied after the update; nil for none
}

// StepInput is what Apply works on.
type StepInput struct {
	Graph        *graph.Graph
	Iteration    graph.Value // Int32 scalar variable: the number of steps done
	LearningRate graph.Value // Float32 scalar variable; not used with a schedule
	Vars         []Variable
	Slot         func(i int) graph.Value       // the variable of entry i of Slots
	Assign       func(variable, v graph.Value) // called once for each variable that changes
	// LossScaled tells that the gradients are those of the loss times
	// loss_scale_factor. Otherwise they are taken as they are.
	LossScaled bool

	outer *MultiOptimizer // that this step is part of
}

// orElse returns what p points at, or d for nil.
func orElse(p *float64, d float64) float64 {
	if p == nil {
		return d
	}
	return *p
}

// oneMinus returns 1-b as float32 arithmetic has it.
func oneMinus(b float64) float64 { return float64(1 - float32(b)) }
