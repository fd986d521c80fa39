package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
)

// trace is one run of a model's layers on values of known shapes: it turns the
// graph of layer calls into a graph of ops.
type trace struct {
	g        *graph.Graph
	training bool
	own      bool                   // a step of the user's own, outside of its calls
	hosted   map[string]graph.Value // what was computed before the step, by key; see Model.host
	prefix   string                 // of the keys of the model that is being traced
	scratch  bool                   // weights are declared as inputs, nothing is kept
	ids      map[*Variable]int      // numbers of the weights among the bound variables
	masks    map[graph.Value]graph.Value
	fresh    map[*Variable]graph.Value                  // what layers assigned, which later calls read
	losses   []graph.Value                              // added by layers
	times    map[*Layer]int                             // calls of the layers so far
	named    []string                                   // Keras's names of the types of the last operation's outputs
	visit    func(l *Layer, in, out []graph.Value)      // when set: told of every layer call
	enter    func(l *Layer, m manner, in []graph.Value) // when set: told of every call of a layer or model before it
	leave    func(l *Layer, out []graph.Value)          // when set: told of what such a call yields
	lent     *layers.Env                                // when set: what the layer around a nested model lends it, whose weights they are
	places   map[*Layer]string                          // where that layer's weights have those of a layer
	unknown  int                                        // what stands for unknown lengths; 0 where there are none
}

func newTrace(g *graph.Graph, training bool) *trace {
	return &trace{g: g, training: training, ids: map[*Variable]int{}, masks: map[graph.Value]graph.Value{}, fresh: map[*Variable]graph.Value{}, times: map[*Layer]int{}}
}

// guard runs f. Once the graph has met an error the values it yields mean
// nothing, so a panic of a layer's Call after that is no bug.
func (t *trace) guard(f func() []graph.Value) (out []graph.Value) {
	defer func() {
		if t.g.Err() == nil {
			return // a panic goes on
		}
		if v := recover(); v != nil {
			out = nil
		}
	}()
	return f()
}

// layer traces one call.
func (t *trace) layer(l *Layer, m manner, in []graph.Value) []graph.Value {
	if l.model != nil {
		t.g.Push(l.name)
		defer t.g.Pop()
		if t.enter != nil {
			t.enter(l, m, in)
		}
		in = t.masked(m, in)
		out := t.model(l.model, in)
		if t.leave != nil {
			t.leave(l, out)
		}
		return out
	}
	if l.inputLayer() {
		return in
	}
	t.g.Push(l.label())
	defer t.g.Pop()
	if t.enter != nil {
		t.enter(l, m, in)
	}
	if op, ok := l.desc.(operations.Operation); ok {
		return t.operation(l, op, m, in)
	}
	env := layers.Env{Graph: t.g, Training: t.training, DType: l.engineType(), Path: t.path(l), Masks: t.masks, Masked: len(m.masked) > 0, Options: m.options}
	in = arranged(m.unmasked(), t.cast(t.masked(m, in), l.policy.Input))
	weight := t.weights(l, in)
	env.Weight = func(name string) graph.Value {
		w := weight(name)
		if !w.OK() {
			return w
		}
		return l.policy.Weight(l.desc.(layers.Layer), w)
	}
	if t.g.Err() != nil {
		return in
	}
	env.AddLoss = func(v graph.Value) { t.losses = append(t.losses, v) }
	env.Assign = func(name string, v graph.Value) {
		if t.scratch {
			return
		}
		if t.lent != nil {
			t.lent.Assign(t.places[l]+"/"+name, l.policy.Stored(v))
			return
		}
		for _, w := range slices.Concat(l.weights, l.memory) {
			if w.decl.Name == name {
				v = l.policy.Stored(v)
				t.g.Assign(t.variable(w), v)
				t.fresh[w] = v
			}
		}
	}
	c := layers.NewContext(env)
	d := l.desc.(layers.Layer)
	out := layers.Apply(c, d, in...)
	if t.g.Err() == nil {
		out = t.cast(out, l.policy.Output)
	}
	out[0] = t.propagateMask(c, d, in, out[0])
	if t.visit != nil {
		t.visit(l, in, out)
	}
	if t.leave != nil {
		t.leave(l, out)
	}
	return out
}

// path names the random streams of a call: those of further calls of the layer are others.
func (t *trace) path(l *Layer) string {
	n := t.times[l]
	t.times[l] = n + 1
	if n == 0 {
		return t.g.Scope()
	}
	return fmt.Sprintf("%s@%d", t.g.Scope(), n)
}

// masked returns the inputs of a call with the masks that it was given, if it was given
// any, in place of all that came with them.
func (t *trace) masked(m manner, in []graph.Value) []graph.Value {
	if len(m.masked) == 0 {
		return in
	}
	in, masks := apart(m, in)
	in = slices.Clone(in)
	for i, v := range in {
		if k := slices.Index(m.masked, i); k >= 0 || t.masks[v].OK() {
			if in[i] = t.anew(v); k >= 0 {
				t.masks[in[i]] = ops.Cast(masks[k], tensor.Float32)
			}
		}
	}
	return in
}

// anew is the value as another one in the same memory, so that its mask is another.
func (t *trace) anew(v graph.Value) graph.Value {
	return t.g.Apply(ops.ReshapeOp{Shape: graph.MakeDims(v.Shape()...)}, v)[0]
}

// cast converts values, which keep their masks.
func (t *trace) cast(list []graph.Value, convert func(graph.Value) graph.Value) []graph.Value {
	out := make([]graph.Value, len(list))
	for i, v := range list {
		out[i] = convert(v)
		if mask := t.masks[v]; mask.OK() {
			t.masks[out[i]] = mask
		}
	}
	return out
}

// label names the layer in messages.
func (l *Layer) label() string {
	if l.name == "" {
		return l.class
	}
	return l.name
}

// propagateMask gives the output the mask that the layer makes or passes on. A layer that
// does neither ends the mask, also when it returns its input: the output is then another
// value in the same memory.
func (t *trace) propagateMask(c *layers.Context, d layers.Layer, in []graph.Value, out graph.Value) graph.Value {
	if t.g.Err() != nil {
		return out
	}
	var mask graph.Value
	switch d := d.(type) {
	case layers.Masker:
		mask = d.Mask(c, in...)
	case layers.MaskPasser:
		mask = t.masks[in[0]]
	default:
		if t.masks[out].OK() && slices.Contains(in, out) {
			return t.anew(out)
		}
	}
	if mask.OK() {
		t.masks[out] = ops.Cast(mask, tensor.Float32)
	}
	return out
}

// weights returns the function by which a layer's Call finds its weights.
func (t *trace) weights(l *Layer, in []graph.Value) func(string) graph.Value {
	if t.lent != nil {
		return func(name string) graph.Value { return t.lent.Weight(t.places[l] + "/" + name) }
	}
	if t.scratch {
		byName := map[string]graph.Value{}
		shapes := make([]tensor.Shape, len(in))
		for i, v := range in {
			if v.OK() { // no argument left out
				shapes[i] = v.Shape()
			}
		}
		for i, w := range l.declare(t.g, shapes) {
			s := graph.Spec{DType: tensor.Float32, Shape: w.Shape}
			byName[w.Name] = t.g.Input(fmt.Sprintf("w%p/%d", l, i), s)
		}
		return func(name string) graph.Value { return byName[name] }
	}
	return func(name string) graph.Value {
		for _, v := range slices.Concat(l.weights, l.memory) {
			if v.decl.Name == name {
				return t.current(v)
			}
		}
		return graph.Value{}
	}
}

// current returns the value of a weight as the calls before left it.
func (t *trace) current(v *Variable) graph.Value {
	if x, ok := t.fresh[v]; ok {
		return x
	}
	return t.variable(v)
}

// variable returns the graph's value of a weight.
func (t *trace) variable(v *Variable) graph.Value {
	id, ok := t.ids[v]
	if !ok {
		panic("keras: weight " + v.Path() + " is not bound")
	}
	return t.g.Variable(id, graph.Spec{DType: v.tensor.DType(), Shape: v.tensor.Shape()})
}

// model traces a model's layer calls, in the order in which they were made.
func (t *trace) model(m *Model, in []graph.Value) []graph.Value {
	if m.impl != nil {
		return m.impl.call(t, m, in)
	}
	if len(in) != len(m.inputs) {
		t.g.Errorf("%s: wants %d inputs, got %d", m.name, len(m.inputs), len(in))
		return in
	}
	values := map[*Symbol]graph.Value{}
	for i, s := range m.inputs {
		values[s] = in[i]
	}
	prefix := t.prefix
	defer func() { t.prefix = prefix }()
	for k, c := range m.calls {
		if c.layer.inputLayer() || t.onHost(prefix, k, c, values) {
			continue
		}
		if c.layer.model != nil {
			t.prefix = fmt.Sprintf("%s%d.", prefix, k)
		}
		args := make([]graph.Value, len(c.in))
		for i, s := range c.in {
			args[i] = values[s]
		}
		for i, v := range t.layer(c.layer, c.manner, args) {
			if i < len(c.out) {
				values[c.out[i]] = v
			}
		}
		if t.g.Err() != nil {
			break
		}
	}
	out := make([]graph.Value, len(m.outputs))
	for i, s := range m.outputs {
		out[i] = values[s]
	}
	return out
}

// onHost takes the outputs of a call that was run before the step.
func (t *trace) onHost(prefix string, k int, c *call, values map[*Symbol]graph.Value) bool {
	if t.hosted == nil || !t.hosted[hostKey(prefix, k, 0)].OK() {
		return false
	}
	for i, s := range c.out {
		values[s] = t.hosted[hostKey(prefix, k, i)]
	}
	return true
}

// penalties returns the regularization losses of the bound weights.
func (t *trace) penalties(vars []*Variable) []graph.Value {
	var out []graph.Value
	for _, v := range vars {
		// As in Keras, frozen weights are penalised no more.
		if r, ok := v.decl.Regularizer.(regularizers.Regularizer); ok && v.Trainable() {
			t.g.Push(v.Path())
			out = append(out, r.Penalty(t.current(v)))
			t.g.Pop()
		}
	}
	return out
}
