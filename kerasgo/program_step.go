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
	if !fits(x.Shape(), want.shape) {
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
	cp, g := m.compiled, t.g
	y, w := make([]graph.Value, len(pred)), make([]graph.Value, len(pred))
	for i := range pred {
		if s.y[i].Shape != nil {
			y[i] = g.Input(inputName("y", i), s.y[i])
		}
		if i < len(s.w) && s.w[i].Shape != nil {
			w[i] = g.Input(inputName("w", i), s.w[i])
		}
	}
	pred = t.cast(pred, func(v graph.Value) graph.Value { return layers.CastFloat(v, "float32") }) // losses and metrics are float32, whatever the layers are
	var parts []graph.Value
	total := g.Scalar(tensor.Float32, 0)
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
			return nil
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
	for _, v := range t.losses {
		add(v)
	}
	for _, v := range t.penalties(m.vars) {
		add(v)
	}
	if first && t.training {
		g.Errorf("there is no loss to minimise; give Compile one")
	}
	want := append([]graph.Value{total}, parts...)
	id := len(m.vars) + len(m.memory())
	for _, b := range cp.metrics {
		states := map[string]graph.Value{}
		for i, d := range b.defs {
			states[d.Name] = g.Variable(id, graph.Spec{DType: tensor.Float32, Shape: b.state[i].Shape()})
			id++
		}
		g.Push(b.name)
		c := metrics.NewContext(g, func(n string) graph.Value { return states[n] }, func(n string, v graph.Value) { g.Assign(states[n], v) })
		c.Mask = t.masks[pred[b.output]]
		weight := graph.Value{}
		if b.weighted {
			weight = w[b.output]
		}
		b.Update(c, y[b.output], pred[b.output], weight)
		want = append(want, b.Result(c))
		g.Pop()
	}
	return want
}

// update adds the gradients and the optimizer's step. Current has the values of the
// weights that layers assigned in the same step.
func (m *Model) update(g *graph.Graph, loss graph.Value, current map[*Variable]graph.Value) {
	cp := m.compiled
	policies := map[graph.Value]layers.Policy{} // of the weights and of what the optimizer keeps for them
	in := optimizers.StepInput{Graph: g}
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
	id := len(m.vars) + len(m.memory())
	for _, b := range cp.metrics {
		id += len(b.state)
	}
	in.Iteration = g.Variable(id, graph.Spec{DType: tensor.Int32, Shape: tensor.Shape{}})
	in.LearningRate = g.Variable(id+1, graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{}})
	in.Slot = func(i int) graph.Value {
		slot := g.Variable(id+2+i, graph.Spec{DType: cp.slots[i].DType(), Shape: cp.slots[i].Shape()})
		if k := cp.slotDefs[i].Var; k >= 0 {
			policies[slot] = cp.vars[k].layer.policy
		}
		return slot
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
		ov := optimizers.Variable{Name: paths[v], Value: values[i], Grad: grads[i]}
		if x, ok := current[v]; ok {
			ov.Value, stored[x] = x, values[i]
		}
		if c, ok := v.decl.Constraint.(constraints.Constraint); ok {
			ov.Constraint = c.Apply
		}
		in.Vars = append(in.Vars, ov)
	}
	g.Push("optimizer")
	optimizers.Apply(cp.optimizer, in)
	g.Pop()
}

// shapesAndPaths returns those of the trainable variables, paths as Keras has them.
func (cp *compiled) shapesAndPaths(m *Model) ([]tensor.Shape, []string) {
	shapes, paths, names := make([]tensor.Shape, len(cp.vars)), make([]string, len(cp.vars)), m.filePaths()
	for i, v := range cp.vars {
		shapes[i], paths[i] = v.Shape(), names[v]
	}
	return shapes, paths
}

// buildOptimizer makes the optimizer's variables, once.
func (m *Model) buildOptimizer() {
	cp := m.compiled
	if cp.iteration != nil {
		return
	}
	cp.vars = m.trainableVars()
	cp.iteration = tensor.New(tensor.Int32)
	rate, _ := optimizers.LearningRate(cp.optimizer)
	cp.rate = tensor.Scalar(float32(rate))
	shapes, paths := cp.shapesAndPaths(m)
	cp.slotDefs = optimizers.SlotsOf(cp.optimizer, paths, shapes)
	for _, d := range cp.slotDefs {
		dtype := tensor.Float32
		if d.Var >= 0 {
			dtype = cp.vars[d.Var].tensor.DType()
		}
		t := tensor.New(dtype, d.Shape...)
		for i := range t.Size() {
			t.SetFloat64At(i, d.Init)
		}
		if d.Copy {
			t.CopyFrom(cp.vars[d.Var].tensor)
		}
		cp.slots = append(cp.slots, t)
	}
}
