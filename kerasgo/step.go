package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// Step is one batch of training, evaluation or prediction under construction: what a step
// of one's own is written with.
//
//	func (n *Net) TrainStep(s *keras.Step) {
//		y := s.Call(s.Model(), s.X...)
//		loss := s.ComputeLoss(y)
//		weights := s.Model().TrainableWeights()
//		s.Apply(s.Optimizer(), s.Gradients(loss, weights), weights)
//		s.ComputeMetrics(loss, y)
//	}
//
// This is Keras's own step. Values are float32 and have the shapes of the batch; package
// engine/ops computes with them. What is called after Apply sees the weights as it left
// them. The layers of one call are compiled together, so that Call of a whole model is
// faster than calls of its layers.
type Step struct {
	*Context
	X, Y         []graph.Value // data and targets, in the order of inputs and outputs; a zero Value for what is not given
	SampleWeight []graph.Value // one for each of Y

	training bool
	bound    []*tensor.Tensor
	logs     []string
	values   []graph.Value
	parts    []namedPart // losses of the outputs, if there are several
}

type namedPart struct {
	name string
	v    graph.Value
}

// Model returns the model.
func (s *Step) Model() *Model { return s.m }

// Optimizer returns the optimizer that Compile was given.
func (s *Step) Optimizer() *Optimizer { return &s.m.compiled.Optimizer }

// CompiledLoss returns the losses that Compile was given, weighted and added, for the
// model's outputs.
func (s *Step) CompiledLoss(pred ...graph.Value) graph.Value {
	return s.lossOf(false, pred)
}

// Losses returns what layers have added to the loss in this step (AddLoss, activity
// regularizers), and the penalties of the weights' regularizers.
func (s *Step) Losses() []graph.Value {
	list := slices.Clone(s.t.losses)
	return append(list, s.t.penalties(s.m.vars)...)
}

// ComputeLoss returns CompiledLoss and Losses added, or what the user's ComputeLoss
// makes.
func (s *Step) ComputeLoss(pred ...graph.Value) graph.Value {
	if f := s.m.steps.ComputeLoss; f != nil {
		return f(s, pred...)
	}
	return s.lossOf(true, pred)
}

func (s *Step) lossOf(all bool, pred []graph.Value) graph.Value {
	zero := s.t.g.Scalar(tensor.Float32, 0)
	if s.t.g.Err() != nil {
		return zero
	}
	cp := s.m.compiled
	if len(pred) != len(cp.losses) {
		s.Errorf("there are %d predictions for the %d outputs that Compile has losses for", len(pred), len(cp.losses))
		return zero
	}
	added := []graph.Value{}
	if all {
		added = s.Losses()
	}
	total, parts := s.m.lossOf(s.t, added, padded(s.Y, len(pred)), s.t.float(pred), padded(s.SampleWeight, len(pred)))
	if names := s.m.lossNames(); len(names) == len(parts)+1 {
		s.parts = nil
		for i, v := range parts {
			s.parts = append(s.parts, namedPart{names[i+1], v})
		}
	}
	return total
}

func padded(list []graph.Value, n int) []graph.Value {
	out := make([]graph.Value, n)
	copy(out, list)
	return out
}

// Gradients returns the derivatives of a loss, a scalar, with respect to weights; a zero
// Value where the loss does not depend on one.
func (s *Step) Gradients(loss graph.Value, weights []*Variable) []graph.Value {
	if !s.known(weights) {
		return make([]graph.Value, len(weights))
	}
	wrt := make([]graph.Value, len(weights))
	for i, v := range weights {
		wrt[i] = s.t.current(v)
	}
	return graph.Gradients(loss, wrt)
}

func (s *Step) known(weights []*Variable) bool {
	for _, v := range weights {
		if _, ok := s.t.ids[v]; !ok {
			s.Errorf("weight %s is in no exported field of %s", v.Path(), s.m.typeName())
		}
	}
	return s.t.g.Err() == nil
}

// Apply lets an optimizer change weights against their gradients, of which there is one
// for each. An optimizer keeps its state for the weights of its first Apply, and is for
// these from then on.
func (s *Step) Apply(o *Optimizer, grads []graph.Value, weights []*Variable) {
	g := s.t.g
	switch {
	case !s.training:
		s.Errorf("Apply is for training steps")
	case o == nil:
		s.Errorf("Apply: the optimizer is nil; make one with keras.NewOptimizer")
	case o.err != nil:
		s.Errorf("%w", o.err)
	case len(grads) != len(weights):
		s.Errorf("Apply: %d gradients for %d weights", len(grads), len(weights))
	case s.scaled(o):
		s.Errorf("Apply: losses are not scaled in a step of one's own; compile with AutoScaleLoss: new(false)")
	}
	if g.Err() != nil || !s.known(weights) {
		return
	}
	paths := s.m.filePaths()
	if o.iteration == nil {
		o.build(slices.Clone(weights), paths)
		if err := o.restore(paths); err != nil {
			s.Errorf("the %s of the file: %w", className(o.optimizer), err)
			return
		}
	} else if !slices.Equal(o.vars, weights) {
		s.Errorf("Apply: the %s is for the %d weights that it was first applied to, in their order; make another optimizer for others", className(o.optimizer), len(o.vars))
		return
	}
	in, policies := o.input(g, s.bind)
	of := map[graph.Value]*Variable{}
	for i, v := range weights {
		x := s.t.current(v)
		of[x], policies[x] = v, v.layer.policy
		in.Vars = append(in.Vars, v.forOptimizer(paths[v], x, grads[i]))
	}
	in.Assign = func(variable, x graph.Value) {
		if p, ok := policies[variable]; ok {
			x = p.Stored(x)
		}
		if v := of[variable]; v != nil {
			s.t.fresh[v] = ops.StopGradient(x) // a later loss has no derivative by the steps before
			variable = s.t.variable(v)
		}
		g.Assign(variable, x)
	}
	g.Push("optimizer")
	optimizers.Apply(o.optimizer, in)
	g.Pop()
}

// scaled reports whether the optimizer wants gradients of a scaled loss.
func (s *Step) scaled(o *Optimizer) bool {
	if _, ok := o.optimizer.(optimizers.LossScaleOptimizer); ok {
		return true
	}
	return o.optimizer.Options().LossScale != nil && s.m.usesPolicy(func(p layers.Policy) bool { return p.Compute == "float16" })
}

// bind returns the graph's variable of a tensor, which the step is bound to from then on.
func (s *Step) bind(t *tensor.Tensor) graph.Value {
	i := slices.Index(s.bound, t)
	if i < 0 {
		i = len(s.bound)
		s.bound = append(s.bound, t)
	}
	return s.t.g.Variable(i, graph.Spec{DType: t.DType(), Shape: t.Shape()})
}

// traceStep builds the graph of a step of the user's own.
func (m *Model) traceStep(md mode, sp specs, own func(*Step)) (b stepGraph, err error) {
	if m.onHost() {
		return b, fmt.Errorf("a model with layers that read words can't have steps of one's own; put these layers into a model of their own, and train on what it predicts")
	}
	g := graph.New()
	t := newTrace(g, md == modeTrain)
	t.own = true
	s := &Step{training: md == modeTrain}
	for i, v := range slices.Concat(m.vars, m.memory()) {
		t.ids[v] = i
		s.bound = append(s.bound, v.tensor)
	}
	for i, x := range fed(g, "x", sp.x) {
		s.X = append(s.X, m.adaptInput(g, x, m.inputs[i]))
	}
	s.Context = t.newContext(m, s.X)
	s.Y, s.SampleWeight = fed(g, "y", sp.y), fed(g, "w", sp.w)
	t.guard(func() []graph.Value { own(s); return nil })
	if err := g.Err(); err != nil {
		return b, err
	}
	if md != modePredict && len(s.logs) == 0 {
		return b, fmt.Errorf("the step logs nothing; Log the loss")
	}
	b.g, b.want = plan.Fuse(g, s.values)
	b.bound, b.logs = s.bound, s.logs
	return b, b.g.Err()
}
