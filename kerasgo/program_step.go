package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/constraints"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// step builds the graph of one step and returns the wanted values: predictions;
// or the total loss, the losses of the outputs that have one, and the metrics.
func (m *Model) step(md mode, s specs) (*graph.Graph, []graph.Value, error) {
	g := graph.New()
	t := newTrace(g, md == modeTrain)
	for i, v := range slices.Concat(m.vars, m.memory()) {
		t.ids[v] = i
	}
	in := make([]graph.Value, len(m.inputs))
	for i, sp := range s.x {
		x := g.Input(inputName("x", i), sp)
		if i < len(in) {
			in[i] = m.adaptInput(g, x, m.inputs[i])
			continue
		}
		if t.hosted == nil {
			t.hosted = map[string]graph.Value{}
		}
		t.hosted[s.host[i-len(in)]] = x
	}
	pred := t.guard(func() []graph.Value { return t.model(m, in) })
	if err := g.Err(); err != nil {
		return nil, nil, err
	}
	if md == modePredict {
		g, want := plan.Fuse(plan.Fold(g, pred))
		return g, want, g.Err()
	}
	want := t.guard(func() []graph.Value { return m.lossAndMetrics(t, s, pred) })
	if err := g.Err(); err != nil {
		return nil, nil, err
	}
	n := len(want)
	var assigned []*Variable // by layers: the optimizer goes on from there
	if md == modeTrain {
		for _, v := range m.compiled.vars {
			if x, ok := t.fresh[v]; ok {
				assigned, want = append(assigned, v), append(want, x)
			}
		}
	}
	if md != modeTrain {
		g, want = plan.Fold(g, want)
	}
	g, want = plan.Fuse(g, want)
	if md == modeTrain {
		current := map[*Variable]graph.Value{}
		for i, v := range assigned {
			current[v] = want[n+i]
		}
		m.update(g, want[0], current)
	}
	want = want[:n]
	return g, want, g.Err()
}

// adaptInput casts data to the type that the model declares and mends a missing
// or superfluous last axis of length 1, as Keras does.
func (m *Model) adaptInput(g *graph.Graph, x graph.Value, want *Symbol) graph.Value {
	if want.dtype == tensor.String {
		return x // read before the step; see Model.host
	} else if want.dtype == tensor.Bool { // truth is 0 and 1 in graphs
		x = ops.NotEqual(ops.Cast(x, tensor.Float32), ops.Scalar(ops.Cast(x, tensor.Float32), 0))
	} else {
		x = ops.Cast(x, want.dtype)
	}
	s := x.Shape()
	switch {
	case len(s) == len(want.shape)+1 && s.Last() == 1:
		x = ops.Reshape(x, s[:len(s)-1]...)
	case len(s)+1 == len(want.shape) && want.shape.Last() == 1:
		x = ops.Reshape(x, append(s.Clone(), 1)...)
	}
	if m.impl == nil && !fits(x.Shape(), want.shape) { // the user's code decides by itself
		shown := x.Shape().Clone()
		if len(shown) > 0 && len(want.shape) > 0 && want.shape[0] == tensor.Unknown {
			shown[0] = tensor.Unknown
		}
		g.Errorf("%w", &inputError{want.call.layer.label(), want.shape, shown})
	}
	return x
}

// inputError tells of data that does not fit the model's input.
type inputError struct {
	input     string
	want, got tensor.Shape
}

func (e *inputError) Error() string {
	return fmt.Sprintf("the model's input %q wants shape %v, the data has %v", e.input, e.want, e.got)
}

// Unwrap makes errors.Is(err, graph.ErrShape) true.
func (e *inputError) Unwrap() error { return graph.ErrShape }

// lossAndMetrics returns the total loss, the losses of the outputs that have one,
// and the metrics' results after this batch.
func (m *Model) lossAndMetrics(t *trace, s specs, pred []graph.Value) []graph.Value {
	y, w := make([]graph.Value, len(pred)), make([]graph.Value, len(pred))
	copy(y, fed(t.g, "y", s.y))
	copy(w, fed(t.g, "w", s.w))
	pred = t.float(pred)
	added := slices.Concat(t.losses, t.penalties(m.vars))
	if t.training && len(added) == 0 && !slices.ContainsFunc(m.compiled.losses, func(l any) bool { return l != nil }) {
		t.g.Errorf("there is no loss to minimise; give Compile one")
	}
	total, parts := m.lossOf(t, added, y, pred, w)
	return append(append([]graph.Value{total}, parts...), m.metricsOf(t, y, pred, w, m.binding(t.g, modeTest))...)
}

// fed returns the inputs of a step that are called prefix; a zero Value for what is not
// fed.
func fed(g *graph.Graph, prefix string, list []graph.Spec) []graph.Value {
	out := make([]graph.Value, len(list))
	for i, sp := range list {
		if sp.Shape != nil {
			out[i] = g.Input(inputName(prefix, i), sp)
		}
	}
	return out
}

// float makes float32 of what the layers yield, for losses and metrics.
func (t *trace) float(pred []graph.Value) []graph.Value {
	return t.cast(pred, func(v graph.Value) graph.Value { return layers.CastFloat(v, "float32") })
}

// binding returns the function that finds the graph's variable of a tensor that steps of
// the mode are bound to.
func (m *Model) binding(g *graph.Graph, md mode) func(*tensor.Tensor) graph.Value {
	ids := map[*tensor.Tensor]int{}
	for i, b := range m.bound(md) {
		ids[b] = i
	}
	return func(b *tensor.Tensor) graph.Value {
		return g.Variable(ids[b], graph.Spec{DType: b.DType(), Shape: b.Shape()})
	}
}

// lossOf returns the total loss, with what is added to it, and the losses of the outputs
// that have one.
func (m *Model) lossOf(t *trace, added, y, pred, w []graph.Value) (total graph.Value, parts []graph.Value) {
	cp, g := m.compiled, t.g
	total = g.Scalar(tensor.Float32, 0)
	first := true
	add := func(v graph.Value) {
		v = ops.Cast(v, tensor.Float32)
		if first {
			total, first = v, false
			return
		}
		total = ops.Add(total, v)
	}
	for i, l := range cp.losses {
		if l == nil {
			continue
		}
		if !y[i].OK() {
			g.Errorf("output %q has a loss, but there are no targets for it", m.outputNames()[i])
			return total, nil
		}
		if _, ok := l.(string); ok {
			l = losses.ResolveCrossentropy(y[i].Shape(), pred[i].Shape())
		}
		g.Push("loss of " + m.outputNames()[i])
		v := losses.Compute(l.(losses.Loss), y[i], pred[i], w[i], t.masks[pred[i]])
		g.Pop()
		parts = append(parts, v)
		if cp.weights[i] != 1 {
			v = ops.MulScalar(v, cp.weights[i])
		}
		add(v)
	}
	for _, v := range added {
		add(v)
	}
	return total, parts
}

// metricsOf updates the metrics that Compile was given and returns their results.
func (m *Model) metricsOf(t *trace, y, pred, w []graph.Value, bound func(*tensor.Tensor) graph.Value) []graph.Value {
	var out []graph.Value
	for _, b := range m.compiled.metrics {
		weight := graph.Value{}
		if b.weighted {
			weight = w[b.output]
		}
		out = append(out, b.update(t, bound, y[b.output], pred[b.output], weight))
	}
	return out
}

// update changes the metric's state by a batch and returns its result.
func (b *boundMetric) update(t *trace, bound func(*tensor.Tensor) graph.Value, y, pred, weight graph.Value) graph.Value {
	states := map[string]graph.Value{}
	for i, d := range b.defs {
		states[d.Name] = bound(b.state[i])
	}
	t.g.Push(b.name)
	defer t.g.Pop()
	c := metrics.NewContext(t.g, func(n string) graph.Value { return states[n] }, func(n string, v graph.Value) { t.g.Assign(states[n], v) })
	c.Mask = t.masks[pred]
	b.Update(c, y, pred, weight)
	return b.Result(c)
}

// update adds the gradients and the optimizer's step. Current has the values of the
// weights that layers assigned in the same step.
func (m *Model) update(g *graph.Graph, loss graph.Value, current map[*Variable]graph.Value) {
	cp := m.compiled
	in, policies := cp.input(g, m.binding(g, modeTrain))
	stored := map[graph.Value]graph.Value{} // the variables of the values in current
	in.Assign = func(variable, v graph.Value) {
		if w, ok := stored[variable]; ok {
			variable = w
		}
		if p, ok := policies[variable]; ok {
			v = p.Stored(v)
		}
		g.Assign(variable, v)
	}
	paths := m.filePaths()
	var values []graph.Value
	for _, v := range cp.vars {
		w := g.Variable(slices.Index(m.vars, v), graph.Spec{DType: v.tensor.DType(), Shape: v.Shape()})
		values, policies[w] = append(values, w), v.layer.policy
	}
	if len(values) == 0 {
		return // nothing to train: Keras runs the step without an update
	}
	loss = m.scaleLoss(&in, loss)
	grads := graph.Gradients(loss, values)
	for i, v := range cp.vars {
		ov := v.forOptimizer(paths[v], values[i], grads[i])
		if x, ok := current[v]; ok {
			ov.Value, stored[x] = x, values[i]
		}
		in.Vars = append(in.Vars, ov)
	}
	g.Push("optimizer")
	optimizers.Apply(cp.optimizer, in)
	g.Pop()
}

// forOptimizer describes the weight to an optimizer.
func (v *Variable) forOptimizer(path string, value, grad graph.Value) optimizers.Variable {
	ov := optimizers.Variable{Name: path, Value: value, Grad: grad}
	if c, ok := v.decl.Constraint.(constraints.Constraint); ok {
		ov.Constraint = c.Apply
	}
	return ov
}

// buildOptimizer makes the optimizer's variables, once.
func (m *Model) buildOptimizer() {
	if m.compiled.iteration == nil {
		m.compiled.build(m.trainableVars(), m.filePaths())
	}
}
