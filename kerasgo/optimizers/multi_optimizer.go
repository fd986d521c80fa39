package optimizers

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// MultiOptimizer lets several optimizers update the variables, each its own: an
// OptimizerMap says which. Every optimizer counts its steps and has its learning rate;
// there is none for all of them.
type MultiOptimizer struct {
	// an OptimizerMap
	OptimizerMap any `keras:"optimizer_map,pos,required,kind=optimizer"`
	// takes the place of that of all optimizers
	LossScaleFactor *float64 `keras:"loss_scale_factor"`
	// name of the optimizer
	Name string `keras:"name,default=multi_optimizer"`
}

// OptimizerMap chooses an optimizer for each variable of a MultiOptimizer, by the
// variable's path in Keras, such as "sequential/dense/kernel".
type OptimizerMap struct {
	// the optimizer of variables that no pattern fits
	DefaultOptimizer any `keras:"default_optimizer,pos,required,kind=optimizer"`
	// optimizers by path, or by regular expression for whole paths: a *spec.Object, or,
	// where the order of files does not matter, a map[string]any
	OptimizerMap any `keras:"optimizer_map,kind=optimizer,ordered"`
}

func init() {
	spec.Register[MultiOptimizer]("keras.optimizers")
	spec.Register[OptimizerMap]("keras.optimizers")
}

// rule is one entry of an OptimizerMap.
type rule struct {
	key     string
	pattern *regexp.Regexp
	at      int // of the optimizer, among all
}

// multi is an OptimizerMap that has been read.
type multi struct {
	inner []Optimizer // in the order of the map, the default last
	rules []rule
}

// Completed resolves the optimizers.
func (o MultiOptimizer) Completed() (any, error) {
	m, ok := o.OptimizerMap.(OptimizerMap)
	if !ok {
		return nil, fmt.Errorf("MultiOptimizer: optimizer_map wants an OptimizerMap, got %T", o.OptimizerMap)
	}
	list := spec.NewObject()
	if err := m.each(func(key string, v any) error {
		inner, err := innerOptimizer(v)
		list.Set(key, inner)
		return err
	}); err != nil {
		return nil, fmt.Errorf("MultiOptimizer: %w", err)
	}
	inner, err := innerOptimizer(m.DefaultOptimizer)
	if err != nil {
		return nil, fmt.Errorf("MultiOptimizer: default_optimizer: %w", err)
	}
	o.OptimizerMap = OptimizerMap{inner, list}
	_, err = o.read()
	return o, err
}

// innerOptimizer completes an optimizer that may stand in a MultiOptimizer.
func innerOptimizer(v any) (Optimizer, error) {
	o, err := Get(v)
	if err != nil {
		return nil, err
	}
	switch o.(type) {
	case MultiOptimizer, LossScaleOptimizer:
		return nil, fmt.Errorf("a %T can't be used inside a MultiOptimizer", o)
	}
	return o, nil
}

// each calls f for the entries of the map, in their order.
func (m OptimizerMap) each(f func(key string, v any) error) error {
	var list *spec.Object
	switch v := m.OptimizerMap.(type) {
	case nil:
		return nil
	case *spec.Object:
		list = v
	case map[string]any:
		list = sortedObject(v)
	default:
		return fmt.Errorf("optimizer_map wants optimizers by the paths of variables, got %T", v)
	}
	for _, k := range list.Keys() {
		v, _ := list.Get(k)
		if err := f(k, v); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
	}
	return nil
}

func sortedObject(m map[string]any) *spec.Object {
	list := spec.NewObject()
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list.Set(k, m[k])
	}
	return list
}

// read compiles the patterns.
func (o MultiOptimizer) read() (multi, error) {
	var m multi
	all := o.OptimizerMap.(OptimizerMap)
	err := all.each(func(key string, v any) error {
		p, err := regexp.Compile("^(?:" + key + ")$")
		if err != nil {
			return errors.New("it is no regular expression")
		}
		m.rules = append(m.rules, rule{key, p, len(m.inner)})
		m.inner = append(m.inner, v.(Optimizer))
		return nil
	})
	m.inner = append(m.inner, all.DefaultOptimizer.(Optimizer))
	return m, err
}

// of returns which optimizer has a variable.
func (m multi) of(path string) (int, error) {
	found := -1
	for _, r := range m.rules {
		switch {
		case r.key == path:
			return r.at, nil
		case !r.pattern.MatchString(path):
		case found >= 0:
			return 0, fmt.Errorf("MultiOptimizer: several optimizers for variable %s", path)
		default:
			found = r.at
		}
	}
	if found < 0 {
		found = len(m.inner) - 1
	}
	return found, nil
}

// part is an optimizer of a MultiOptimizer with its variables.
type part struct {
	Optimizer
	vars  []int // indexes among all
	first int   // its first slot among all: its number of steps
	rate  bool  // the next is its learning rate
}

// Several returns the MultiOptimizer that o is, or that it scales the loss of.
func Several(o Optimizer) (m MultiOptimizer, ok bool) {
	if l, scaled := o.(LossScaleOptimizer); scaled {
		o = l.inner()
	}
	m, ok = o.(MultiOptimizer)
	return m, ok
}

// parts divides the variables among the optimizers, and lists all slots.
func (o MultiOptimizer) parts(paths []string, shapes []tensor.Shape) ([]part, []Slot, error) {
	m, err := o.read()
	if err != nil {
		return nil, nil, err
	}
	list := make([]part, len(m.inner))
	for i, path := range paths {
		k, err := m.of(path)
		if err != nil {
			return nil, nil, err
		}
		list[k].vars = append(list[k].vars, i)
	}
	var slots []Slot
	for k, inner := range m.inner {
		p := &list[k]
		p.Optimizer, p.first = inner, len(slots)
		slots = append(slots, Slot{Name: fmt.Sprintf("%d_iteration", k), Var: -1, Shape: tensor.Shape{}, Whole: true, Early: true})
		if rate, schedule := LearningRate(inner); schedule == nil {
			p.rate = true
			slots = append(slots, Slot{Name: fmt.Sprintf("%d_learning_rate", k), Var: -1, Shape: tensor.Shape{}, Init: rate, Early: true})
		}
		if len(p.vars) == 0 {
			continue // Keras does not build it
		}
		var names []string
		var of []tensor.Shape
		for _, i := range p.vars {
			names, of = append(names, paths[i]), append(of, shapes[i])
		}
		for _, s := range SlotsOf(inner, names, of) {
			if s.Var >= 0 {
				s.Var = p.vars[s.Var]
			} else {
				s.Name = fmt.Sprintf("%d_%s", k, s.Name)
			}
			slots = append(slots, s)
		}
	}
	return list, slots, nil
}

// Groups returns, for files, the optimizers and the slots of each, in their order.
func (o MultiOptimizer) Groups(paths []string, shapes []tensor.Shape) (inner []Optimizer, slots [][]Slot) {
	list, all, err := o.parts(paths, shapes)
	if err != nil {
		return nil, nil
	}
	for k, p := range list {
		end := len(all)
		if k+1 < len(list) {
			end = list[k+1].first
		}
		inner, slots = append(inner, p.Optimizer), append(slots, all[p.first:end])
	}
	return inner, slots
}

// Options returns no more than the scale of the loss.
func (o MultiOptimizer) Options() Options {
	return Options{LearningRate: 0.0, LossScale: o.LossScaleFactor}
}

// Slots is SlotsOf for variables without paths.
func (o MultiOptimizer) Slots(vars []tensor.Shape) []Slot {
	return o.SlotsOf(make([]string, len(vars)), vars)
}

// SlotsOf lists steps, learning rate and slots of one optimizer after the other.
func (o MultiOptimizer) SlotsOf(paths []string, vars []tensor.Shape) []Slot {
	_, slots, _ := o.parts(paths, vars)
	return slots
}

// Decay is nothing: each optimizer has its own.
func (MultiOptimizer) Decay(string, tensor.Shape) *float64 { return nil }

// Update is not called: apply does the step.
func (MultiOptimizer) Update(*Step, int) {}

// apply does a step of each optimizer that has variables.
func (o MultiOptimizer) apply(in StepInput) {
	var paths []string
	var shapes []tensor.Shape
	for _, v := range in.Vars {
		paths, shapes = append(paths, v.Name), append(shapes, v.Value.Shape())
	}
	list, _, err := o.parts(paths, shapes)
	if err != nil {
		in.Graph.Errorf("%w", err)
		return
	}
	for _, p := range list {
		if len(p.vars) == 0 {
			continue
		}
		sub := in
		sub.outer, sub.Vars = &o, nil
		for _, i := range p.vars {
			sub.Vars = append(sub.Vars, in.Vars[i])
		}
		first := p.first + 1
		if p.rate {
			sub.LearningRate = in.Slot(p.first + 1)
			first++
		}
		sub.Slot = func(i int) graph.Value { return in.Slot(first + i) }
		sub.Assign = func(variable, v graph.Value) {
			if variable == in.Iteration { // all optimizers with variables have done as many steps
				variable, v = in.Slot(p.first), ops.Cast(v, tensor.Float32)
			}
			in.Assign(variable, v)
		}
		Apply(p.Optimizer, sub)
	}
	in.Assign(in.Iteration, ops.Add(in.Iteration, in.Graph.Scalar(tensor.Int32, 1)))
}

var (
	_ PathSlots      = MultiOptimizer{}
	_ Optimizer      = MultiOptimizer{}
	_ spec.Completer = MultiOptimizer{}
)
