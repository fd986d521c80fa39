package keras

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Context is what a model of one's own is called with: it calls the model's layers. What
// a layer's Context has (Training, Mask, AddLoss, Uniform, Normal, Errorf), it has too, but
// no weights: these belong to layers.
type Context struct {
	*layers.Context
	t  *trace
	m  *Model
	in []graph.Value
}

// newContext returns the Context for one call of the model.
func (t *trace) newContext(m *Model, in []graph.Value) *Context {
	env := layers.Env{Graph: t.g, Training: t.training, DType: tensor.Float32, Path: t.path(m.layer()) + "/" + m.name, Masks: t.masks}
	env.Weight = func(string) graph.Value { return graph.Value{} }
	env.Assign = func(string, graph.Value) {}
	env.AddLoss = func(v graph.Value) { t.losses = append(t.losses, v) }
	return &Context{Context: layers.NewContext(env), t: t, m: m, in: in}
}

// Input returns the input of that name, where the model is fed with a map.
func (c *Context) Input(name string) graph.Value {
	for i, n := range c.m.inputNames() {
		if n == name && i < len(c.in) {
			return c.in[i]
		}
	}
	c.Errorf("there is no input %q; the inputs are %v", name, c.m.inputNames())
	return c.in[0]
}

// Call calls a layer (*Layer) or a model (*Model) that a field of the model holds, and
// returns its first output.
func (c *Context) Call(layer any, in ...graph.Value) graph.Value {
	return c.CallMulti(layer, in...)[0]
}

// CallMulti is Call for all outputs. After a mistake the list is long enough to be taken
// apart; the model is not run then.
func (c *Context) CallMulti(layer any, in ...graph.Value) []graph.Value {
	return c.CallWith(layer, nil, in...)
}

// CallWith is CallMulti with arguments by name after the positional inputs: values, and
// true or false for options such as use_causal_mask. Training decides, for the layer and
// all inside it, whether it works as in training.
func (c *Context) CallWith(layer any, kwargs Kwargs, in ...graph.Value) []graph.Value {
	out := c.call(layer, kwargs, in)
	if c.t.g.Err() != nil {
		return slices.Repeat([]graph.Value{c.t.dummy(in)}, 16)
	}
	return out
}

// dummy stands for an output after a mistake.
func (t *trace) dummy(in []graph.Value) graph.Value {
	for _, v := range in {
		if v.OK() {
			return v
		}
	}
	return t.g.Scalar(tensor.Float32, 0)
}

func (c *Context) call(layer any, kwargs Kwargs, in []graph.Value) []graph.Value {
	t := c.t
	l := asLayer(layer)
	if l == nil || t.g.Err() != nil {
		t.g.Errorf("Call(%T): what is called is a *keras.Layer or a *keras.Model that is not nil", layer)
		return nil
	}
	if l.model != c.m && !c.m.owns(l) {
		t.g.Errorf("layer %q is in no exported field of %s, so that the model does not know its weights", l.label(), c.m.typeName())
		return nil
	}
	m, in, err := sortCall(l, "values", kwargs, in)
	if err != nil {
		t.g.Errorf("%s: %w", l.label(), err)
		return nil
	}
	if m.training != nil {
		old := t.training
		t.training = *m.training
		defer func() { t.training = old }()
	}
	if err := t.feed(l, in); err != nil {
		t.g.Errorf("%s: %w", l.label(), err)
		return nil
	}
	if !t.own {
		return t.layer(l, m, in)
	}
	return t.fused(func() []graph.Value { return t.layer(l, m, in) })
}

// fused traces a call of a step of one's own, whose gradients are taken before it is
// complete, and fuses what that adds to the graph. Calls inside it are fused with it.
func (t *trace) fused(call func() []graph.Value) []graph.Value {
	from, losses := len(t.g.Nodes), len(t.losses)
	t.own = false
	out := call()
	t.own = true
	if t.g.Err() != nil {
		return out
	}
	values := append(slices.Clone(out), t.losses[losses:]...)
	var masked []int // outputs that have a mask
	for i, v := range out {
		if m := t.masks[v]; m.OK() {
			masked, values = append(masked, i), append(values, m)
		}
	}
	var fresh []*Variable
	for v, x := range t.fresh {
		if x.Node.ID >= from {
			fresh = append(fresh, v)
		}
	}
	slices.SortFunc(fresh, func(a, b *Variable) int { return t.ids[a] - t.ids[b] })
	for _, v := range fresh {
		values = append(values, t.fresh[v])
	}
	values = plan.FusePart(t.g, from, values)
	out, values = values[:len(out)], values[len(out):]
	values = values[copy(t.losses[losses:], values):]
	for i, k := range masked {
		t.masks[out[k]] = values[i]
	}
	for i, v := range fresh {
		t.fresh[v] = values[len(masked)+i]
	}
	return out
}

// feed tells a Sequential without an input the shape of what it is called with.
func (t *trace) feed(l *Layer, in []graph.Value) error {
	if l.model == nil || !l.model.sequential || len(l.model.inputs) > 0 || len(in) != 1 {
		return nil
	}
	shape := in[0].Shape().Clone()
	for k, d := range shape {
		if k == 0 || d == t.unknown {
			shape[k] = tensor.Unknown
		}
	}
	return l.model.setInput(shape, in[0].DType())
}

// asLayer returns what can be called; nil when v can't be.
func asLayer(v any) *Layer {
	switch v := v.(type) {
	case *Layer:
		return v
	case *Model:
		if v != nil {
			return v.layer()
		}
	}
	return nil
}

// layer returns the model as one layer, always the same.
func (m *Model) layer() *Layer {
	if m.wrapper == nil {
		m.wrapper = newLayer(m, "")
	}
	return m.wrapper
}

// owns reports whether a layer is among those of the model or of a model inside it.
func (m *Model) owns(l *Layer) bool {
	for _, own := range m.Layers() {
		if own == l || own.model != nil && (own.model == l.model || own.model.owns(l)) {
			return true
		}
	}
	return false
}
