package keras

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Nested returns the model as a layer that another one, such as layers.TimeDistributed,
// applies. Weights that the model has already are what the layer's start from; they are
// weights of their own from then on.
func (m *Model) Nested() layers.Layer { return nestedModel{m} }

// nestedModel is a model inside a layer. Its weights are the outer layer's, named as in
// files: layers/dense_1/kernel.
type nestedModel struct{ m *Model }

// nestedPart is a layer of such a model.
type nestedPart struct {
	layer  *Layer
	path   string
	frozen bool // a model around it is not to be trained
}

// parts lists the layers, those of models inside the model too.
func (d nestedModel) parts() []nestedPart {
	var out []nestedPart
	var walk func(m *Model, prefix string, frozen bool)
	walk = func(m *Model, prefix string, frozen bool) {
		count := map[string]int{}
		for _, l := range m.layers {
			if m.sequential && l.inputLayer() {
				continue
			}
			base := l.snakeCase()
			path := prefix + "layers/" + base
			if k := count[base]; k > 0 {
				path = fmt.Sprintf("%s_%d", path, k)
			}
			count[base]++
			if l.model != nil {
				walk(l.model, path+"/", frozen || !l.Trainable())
				continue
			}
			out = append(out, nestedPart{l, path, frozen || !l.trainable})
		}
	}
	walk(d.m, "", !d.m.trainable)
	return out
}

// Build declares the weights of the model's layers.
func (d nestedModel) Build(b *layers.Builder, in ...tensor.Shape) {
	m := d.m
	if m.sequential && len(m.inputs) == 0 {
		shape := in[0].Clone()
		shape[0] = tensor.Unknown
		if err := m.setInput(shape, tensor.Float32); err != nil {
			b.Errorf("%w", err)
			return
		}
	}
	switch {
	case m.err != nil:
		b.Errorf("%w", m.err)
		return
	case m.impl != nil, len(m.inputs) != 1, len(m.outputs) != 1:
		b.Errorf("model %q has %d inputs and %d outputs; inside a layer, a Sequential or functional model with one of each is wanted", m.name, len(m.inputs), len(m.outputs))
		return
	case !fits(in[0], m.inputs[0].shape):
		b.Errorf("%w: model %q wants input of shape %v, got %v", graph.ErrShape, m.name, m.inputs[0].shape, in[0])
		return
	}
	first := map[*Layer]*call{}
	firstCalls(m, first)
	for _, p := range d.parts() {
		l, ok := p.layer.desc.(layers.Layer)
		c := first[p.layer]
		if !ok || c == nil || p.layer.inputLayer() {
			continue
		}
		shapes := make([]tensor.Shape, len(c.in))
		for i, s := range c.in {
			shapes[i] = known(s.shape, someLength)
		}
		n := len(b.Weights)
		b.Part(p.path, l, p.frozen, arranged(c.manner, shapes)...)
		if p.layer.built { // trained before
			for i := range b.Weights[n:] {
				w := &b.Weights[n+i]
				for _, v := range p.layer.weights {
					if strings.HasSuffix(w.Name, p.path+"/"+v.decl.Name) {
						w.Initializer = sameAs{v}
					}
				}
			}
		}
	}
}

// firstCalls finds the first call of each layer of a model and of the models inside it.
func firstCalls(m *Model, first map[*Layer]*call) {
	for _, c := range m.calls {
		if first[c.layer] == nil {
			first[c.layer] = c
		}
		if c.layer.model != nil {
			firstCalls(c.layer.model, first)
		}
	}
}

// sameAs starts a weight from the value of another.
type sameAs struct{ v *Variable }

func (s sameAs) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	if !s.v.Shape().Equal(shape) {
		return nil, fmt.Errorf("the model's weight %s has shape %v, not %v", s.v.Path(), s.v.Shape(), shape)
	}
	return s.v.Value(), nil
}

// Call traces the model's layers.
func (d nestedModel) Call(c *layers.Context, in ...graph.Value) graph.Value {
	env := c.Lend()
	t := newTrace(env.Graph, env.Training)
	t.masks, t.lent, t.places = env.Masks, &env, map[*Layer]string{}
	for _, p := range d.parts() {
		t.places[p.layer] = p.path
	}
	out := t.model(d.m, in)
	for _, v := range t.losses {
		env.AddLoss(v)
	}
	return out[0]
}

var _ layers.Layer = nestedModel{}
