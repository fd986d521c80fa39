package oracle_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/constraints"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

type optimizerCase struct {
	Optimizer   json.RawMessage
	Vars        []*recording
	Opt         []*recording // optimizer variables at the start, in saved order
	Names       []string     // of the variables; nil means v0, v1, …
	Constraints map[string]json.RawMessage
	Steps       []struct {
		Grads     []*recording // nil: no gradient
		Vars, Opt []*recording
	}
}

// paths names the variables as the recorder does, if it has not given other names.
func (c optimizerCase) paths() []string {
	if c.Names != nil {
		return c.Names
	}
	var list []string
	for i := range c.Vars {
		list = append(list, fmt.Sprint("v", i))
	}
	return list
}

// TestOptimizers holds variables and all optimizer variables, in saved order,
// against Keras's after each of several steps.
func TestOptimizers(t *testing.T) {
	all := newTally()
	for i, c := range append(loadCases[optimizerCase](t, "optimizers"), loadCases[optimizerCase](t, "optimizers_jax")...) {
		o := decodeObject(t, "optimizer", c.Optimizer).(optimizers.Optimizer)
		all.count[className(o)]++
		for engine := range engines {
			t.Run(caseName(i, o)+"/"+engine, func(t *testing.T) {
				run := newOptimizerRun(t, o, c, engine)
				for k, want := range c.Opt {
					all.compare(t, fmt.Sprintf("slot %d at the start", k), run.opt(k), want, 1e-7)
				}
				for n, step := range c.Steps {
					run.step(t, step.Grads)
					for k, want := range step.Vars {
						all.compare(t, fmt.Sprintf("variable %d after step %d %s", k, n+1, engine), run.feeds.Variables[k], want, 1e-6)
					}
					for k, want := range step.Opt {
						all.compare(t, fmt.Sprintf("slot %d after step %d %s", k, n+1, engine), run.opt(k), want, 2e-6)
					}
				}
				if t.Failed() {
					t.Logf("%s", c.Optimizer)
				}
			})
		}
	}
	for range loadCases[multiCase](t, "optimizers_multi") { // TestMultiOptimizer has them
		all.count["MultiOptimizer"]++
		all.count["OptimizerMap"]++
	}
	all.everyClass(t, "optimizer")
	all.report(t)
}

// optimizerRun binds the variables of an optimizer: the trainable ones, iteration,
// learning_rate, then the slots.
type optimizerRun struct {
	o           optimizers.Optimizer
	feeds       graph.Feeds
	shapes      []tensor.Shape
	paths       []string
	slots       []optimizers.Slot
	scheduled   bool // there is no learning_rate among the saved variables
	constraints map[int]constraints.Constraint
	run         runner
}

func newOptimizerRun(t *testing.T, o optimizers.Optimizer, c optimizerCase, engine string) *optimizerRun {
	r := &optimizerRun{o: o, paths: c.paths(), constraints: map[int]constraints.Constraint{}}
	r.feeds.Inputs = map[string]*tensor.Tensor{}
	for _, v := range c.Vars {
		r.shapes = append(r.shapes, v.Shape)
		r.feeds.Variables = append(r.feeds.Variables, v.tensor())
	}
	rate, schedule := optimizers.LearningRate(o)
	r.scheduled = schedule != nil
	r.feeds.Variables = append(r.feeds.Variables, tensor.Scalar(int32(0)), tensor.Scalar(float32(rate)))
	r.slots = optimizers.SlotsOf(o, c.paths(), r.shapes)
	for _, s := range r.slots {
		v := tensor.New(tensor.Float32, s.Shape...)
		for k := range v.Size() {
			v.SetFloat64At(k, s.Init)
		}
		if s.Copy {
			v.CopyFrom(r.feeds.Variables[s.Var])
		}
		r.feeds.Variables = append(r.feeds.Variables, v)
	}
	if n := len(r.slots) + 2; r.scheduled && n-1 != len(c.Opt) || !r.scheduled && n != len(c.Opt) {
		t.Fatalf("%d slots, Keras has %d optimizer variables", len(r.slots), len(c.Opt))
	}
	for k, raw := range c.Constraints {
		var i int
		fmt.Sscan(k, &i)
		r.constraints[i] = decodeObject(t, "constraint", raw).(constraints.Constraint)
	}
	r.run = engines[engine](r.trace(c.Steps[0].Grads), nil, r.feeds)
	return r
}

// opt returns optimizer variable k in saved order.
func (r *optimizerRun) opt(k int) *tensor.Tensor {
	if r.scheduled && k > 0 {
		k++
	}
	v := r.feeds.Variables[len(r.shapes)+k]
	if v.DType() == tensor.Int32 {
		return v.Clone()
	}
	return v
}

// trace builds the graph of a step; grads tells which variables have a gradient.
func (r *optimizerRun) trace(grads []*recording) *graph.Graph {
	g, n := graph.New(), len(r.shapes)
	variable := func(i int) graph.Value {
		v := r.feeds.Variables[i]
		return g.Variable(i, graph.Spec{DType: v.DType(), Shape: v.Shape()})
	}
	in := optimizers.StepInput{
		Graph: g, Iteration: variable(n), LearningRate: variable(n + 1), Assign: g.Assign, LossScaled: true,
		Slot: func(i int) graph.Value { return variable(n + 2 + i) },
	}
	for i, grad := range grads {
		v := optimizers.Variable{Name: r.paths[i], Value: variable(i), Grad: grad.value(g, r.feeds, fmt.Sprint("g", i))}
		if c := r.constraints[i]; c != nil {
			v.Constraint = c.Apply
		}
		in.Vars = append(in.Vars, v)
	}
	optimizers.Apply(r.o, in)
	return g
}

func (r *optimizerRun) step(t *testing.T, grads []*recording) {
	t.Helper()
	for i, grad := range grads {
		if grad != nil {
			r.feeds.Inputs[fmt.Sprint("g", i)].CopyFrom(grad.tensor())
		}
	}
	if _, err := r.run(); err != nil {
		t.Fatal(err)
	}
}

// TestOptimizerErrors: arguments that cannot go together are refused by name.
func TestOptimizerErrors(t *testing.T) {
	for want, o := range map[string]optimizers.Optimizer{
		"optimizers: only one of clipnorm, clipvalue and global_clipnorm can be set": optimizers.SGD{ClipNorm: new(1.0), ClipValue: new(1.0)},
		"momentum 2 is outside [0, 1]":                         optimizers.SGD{Momentum: 2},
		"gradient_accumulation_steps wants at least 2, got 1":  optimizers.Adam{GradientAccumulationSteps: 1},
		"learning_rate wants a number or a schedule, got true": optimizers.Adam{LearningRate: true},
		"optimizers: loss_scale_factor must not be 0":          optimizers.Adam{LossScaleFactor: new(0.0)},
	} {
		if _, err := optimizers.Get(o); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if o, err := optimizers.Get("RMSPROP"); err != nil {
		t.Error(err)
	} else if rate, s := optimizers.LearningRate(o); s != nil || math.Abs(rate-0.001) > 1e-9 {
		t.Errorf("learning rate %v, %v", rate, s)
	}
}
