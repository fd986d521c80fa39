package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// slotKey names a slot.
type slotKey struct {
	name string
	of   int
}

// Step is one optimizer step under construction: what Update sees. Values that were
// set are what the getters return from then on.
type Step struct {
	// LR is the learning rate of this step, a float32 scalar.
	LR graph.Value
	// T is the number of this step, counted from 1, a float32 scalar.
	T graph.Value

	rate, count graph.Value // LR and T in float32
	dtype       tensor.DType

	g      *graph.Graph
	paths  []string
	values []graph.Value // current values of the trainable variables
	grads  []graph.Value
	slots  map[slotKey]int // slot → entry of Slots
	state  []graph.Value   // current values of the slots
	set    []bool          // which slots were set
	once   map[string]graph.Value
}

// Graph returns the graph under construction.
func (s *Step) Graph() *graph.Graph { return s.g }

// Path returns the path of variable i, such as "dense/kernel".
func (s *Step) Path(i int) string { return s.paths[i] }

// Grad returns the gradient of variable i, scaled and clipped.
func (s *Step) Grad(i int) graph.Value { return s.grads[i] }

// Value returns the current value of variable i.
func (s *Step) Value(i int) graph.Value { return s.values[i] }

// Set gives variable i a new value.
func (s *Step) Set(i int, v graph.Value) { s.values[i] = v }

// Slot returns the current value of a slot of variable i, or of a slot of no
// variable with i = -1. It panics when Slots does not list it: a mistake in the
// optimizer.
func (s *Step) Slot(name string, i int) graph.Value { return s.state[s.find(name, i)] }

// SetSlot gives a slot a new value.
func (s *Step) SetSlot(name string, i int, v graph.Value) {
	k := s.find(name, i)
	s.state[k], s.set[k] = v, true
}

func (s *Step) find(name string, i int) int {
	k, ok := s.slots[slotKey{name, i}]
	if !ok {
		panic("optimizers: slot " + name + " is not listed in Slots")
	}
	return k
}

// Once returns what f computed at the first call with this key in this step: for
// scalars that all variables of one type share.
func (s *Step) Once(key string, f func() graph.Value) graph.Value {
	return s.shared(key+" "+s.dtype.String(), f)
}

// shared is Once for variables of every type: for a slot of no variable, which is set
// once in a step.
func (s *Step) shared(key string, f func() graph.Value) graph.Value {
	if v, ok := s.once[key]; ok {
		return v
	}
	v := f()
	s.once[key] = v
	return v
}

// scalar returns a constant of rank 0.
func (s *Step) scalar(v float64) graph.Value { return s.g.Scalar(s.dtype, v) }

// as makes LR, T and constants numbers of a variable's type: float64 for float64
// variables, whose update loses nothing.
func (s *Step) as(dtype tensor.DType) {
	s.dtype = dtype
	s.LR, s.T = ops.Cast(s.rate, dtype), ops.Cast(s.count, dtype)
}

// pow returns b^t for step t.
func (s *Step) pow(b float64, t graph.Value) graph.Value { return ops.Pow(s.scalar(b), t) }

// Apply adds a whole optimizer step to the graph and assigns the results. The
// optimizer is completed. Variables without a gradient take part in moving averages
// only.
func Apply(o Optimizer, in StepInput) {
	opt := o.Options()
	if err := opt.check(); err != nil {
		in.Graph.Errorf("%w", err)
	}
	if in.Graph.Err() != nil {
		return
	}
	if of, ok := o.(interface{ apply(StepInput) }); ok { // others do the steps
		of.apply(in)
		return
	}
	if in.outer != nil {
		opt.LossScale = in.outer.LossScaleFactor
	}
	s := newStep(o, opt, in)
	if s == nil {
		return
	}
	active := s.gradients(opt, in)
	if len(active) == 0 && in.outer != nil {
		return
	}
	if len(active) == 0 {
		in.Graph.Errorf("no gradient for any variable: the loss does not depend on the trainable weights")
		return
	}
	do := s.accumulate(opt, in.Iteration, active)
	s.clip(opt, active)
	old, oldState := append([]graph.Value{}, s.values...), append([]graph.Value{}, s.state...)
	for _, i := range active {
		s.as(s.values[i].DType())
		if decay := decayOf(o, s.paths[i], s.values[i].Shape()); decay != nil {
			w := s.values[i]
			s.values[i] = ops.Sub(w, ops.Mul(ops.MulScalar(w, *decay), s.LR))
		}
		o.Update(s, i)
	}
	if do.OK() { // on the steps between, everything but the accumulators stays
		for _, i := range active {
			s.values[i] = ops.Where(ops.Cast(do, old[i].DType()), s.values[i], old[i])
		}
		for k := range s.state {
			if s.set[k] && !s.isAccumulator(k) {
				s.state[k] = ops.Where(ops.Cast(do, oldState[k].DType()), s.state[k], oldState[k])
			}
		}
	}
	if opt.UseEMA {
		s.average(opt)
	}
	for _, i := range active {
		if c := in.Vars[i].Constraint; c != nil {
			s.values[i] = c(s.values[i])
		}
	}
	s.assign(in)
}

func newStep(o Optimizer, opt Options, in StepInput) *Step {
	shapes := make([]tensor.Shape, len(in.Vars))
	s := &Step{g: in.Graph, slots: map[slotKey]int{}, once: map[string]graph.Value{}}
	for i, v := range in.Vars {
		shapes[i] = v.Value.Shape()
		s.values, s.paths = append(s.values, v.Value), append(s.paths, v.Name)
	}
	for k, slot := range SlotsOf(o, s.paths, shapes) {
		s.slots[slotKey{slot.Name, slot.Var}] = k
		s.state = append(s.state, in.Slot(k))
	}
	s.set = make([]bool, len(s.state))
	_, schedule, err := learningRate(o)
	switch {
	case err != nil:
		in.Graph.Errorf("%w", err)
		return nil
	case schedule != nil:
		s.rate = schedule.LearningRate(in.Iteration)
	default:
		s.rate = in.LearningRate
	}
	done := ops.Cast(in.Iteration, tensor.Float32)
	if opt.AccumulationStep > 0 {
		done = ops.Floor(ops.DivScalar(done, float64(opt.AccumulationStep)))
	}
	s.count = ops.AddScalar(done, 1)
	s.as(tensor.Float32)
	return s
}

// gradients takes the gradients over, unscaled, and returns the variables that have
// one.
func (s *Step) gradients(opt Options, in StepInput) (active []int) {
	s.grads = make([]graph.Value, len(in.Vars))
	for i, v := range in.Vars {
		if !v.Grad.OK() {
			continue
		}
		active = append(active, i)
		s.grads[i] = v.Grad
		if opt.LossScale != nil && in.LossScaled {
			s.grads[i] = ops.DivScalar(v.Grad, *opt.LossScale)
		}
	}
	return active
}

// accumulate replaces the gradients by means over several steps. It returns whether
// this step updates, as 0 or 1, or the zero Value when every step does.
func (s *Step) accumulate(opt Options, iteration graph.Value, active []int) graph.Value {
	if opt.AccumulationStep == 0 {
		return graph.Value{}
	}
	k := float64(opt.AccumulationStep)
	do := multiple(ops.AddScalar(ops.Cast(iteration, tensor.Float32), 1), k)
	for _, i := range active {
		sum := ops.Add(s.grads[i], s.Slot(AccumulatorSlot, i))
		s.grads[i] = ops.DivScalar(sum, k)
		s.SetSlot(AccumulatorSlot, i, ops.Where(ops.Cast(do, sum.DType()), ops.Scalar(sum, 0), sum))
	}
	return do
}

// multiple returns 1 where x, a whole number, is a multiple of k, and 0 elsewhere.
func multiple(x graph.Value, k float64) graph.Value {
	return ops.Equal(x, ops.MulScalar(ops.Floor(ops.DivScalar(x, k)), k))
}

// average updates the moving averages and, when it is time, overwrites the
// variables with them.
func (s *Step) average(opt Options) {
	momentum := 0.99
	if opt.EMAMomentum != nil {
		momentum = *opt.EMAMomentum
	}
	for i := range s.values {
		s.as(s.values[i].DType())
		keep := ops.MulScalar(ops.NotEqual(s.T, s.scalar(1)), momentum) // the first average is the variable itself
		take := ops.SubScalarFrom(1, keep)
		avg := ops.Add(ops.Mul(keep, s.Slot(AverageSlot, i)), ops.Mul(take, s.values[i]))
		s.SetSlot(AverageSlot, i, avg)
		if opt.EMAOverwrite > 0 {
			s.values[i] = ops.Where(multiple(s.T, float64(opt.EMAOverwrite)), avg, s.values[i])
		}
	}
}

// assign stores what was set, and counts the step.
func (s *Step) assign(in StepInput) {
	for i, v := range in.Vars {
		if s.values[i] != v.Value {
			in.Assign(v.Value, s.values[i])
		}
	}
	for k, set := range s.set {
		if set {
			in.Assign(in.Slot(k), s.state[k])
		}
	}
	in.Assign(in.Iteration, ops.Add(in.Iteration, in.Graph.Scalar(tensor.Int32, 1)))
}

func (s *Step) isAccumulator(k int) bool {
	for key, n := range s.slots {
		if n == k {
			return key.name == AccumulatorSlot
		}
	}
	return false
}
