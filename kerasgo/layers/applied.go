package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Nested is a model in the place of a layer inside another one, as TimeDistributed
// has it.
type Nested interface {
	// Nested returns the model as a layer, whose weights are those of its layers.
	Nested() Layer
}

// applied returns what a wrapper applies: a layer, or a model as one.
func applied(v any) (Layer, bool) {
	if m, ok := v.(Nested); ok {
		return m.Nested(), true
	}
	l, ok := v.(Layer)
	return l, ok
}

// Part declares the weights of a layer of a Nested model, named "name/…". Frozen says
// that the model is not to be trained.
func (b *Builder) Part(name string, l Layer, frozen bool, in ...tensor.Shape) {
	old := b.frozen
	b.frozen = old || frozen
	b.child(name, l, in...)
	b.frozen = old
}

// Lend returns what the layer may touch, for the layers of a Nested model.
func (c *Context) Lend() Env {
	e, prefix := c.env, c.prefix
	e.Weight = func(name string) graph.Value { return c.env.Weight(prefix + name) }
	e.Assign = func(name string, v graph.Value) { c.env.Assign(prefix+name, v) }
	return e
}
