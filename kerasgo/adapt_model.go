package keras

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Adapt lets the layer of that name learn from data; see Layer.Adapt. A layer of a
// nested model is named with it: "encoder/normalization". The data is what the layer
// itself gets; AdaptTo takes what the model gets.
func (m *Model) Adapt(layer string, batches ...*tensor.Tensor) error {
	l, err := m.find(layer)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := l.Adapt(batches...); err != nil {
		return err
	}
	return m.refresh()
}

// find returns a layer by its path through nested models.
func (m *Model) find(path string) (*Layer, error) {
	name, rest, nested := strings.Cut(path, "/")
	l, err := m.GetLayer(name)
	switch {
	case err != nil:
		return nil, err
	case !nested:
		return l, nil
	case l.model == nil:
		return nil, fmt.Errorf("keras: layer %q is no model; there is nothing in it", name)
	}
	return l.model.find(rest)
}

// Adapters returns the paths of the layers that have yet to learn from data, in the
// order in which data reaches them.
func (m *Model) Adapters() []string {
	var list []string
	for _, l := range m.reached() {
		if l.model != nil {
			for _, inner := range l.model.Adapters() {
				list = append(list, l.name+"/"+inner)
			}
		} else if a, ok := l.desc.(layers.Adapter); ok && a.NeedsAdapt() && !l.filled() {
			list = append(list, l.name)
		}
	}
	return list
}

// filled reports whether the layer has weights that are not their starting values any
// more: they came from a file.
func (l *Layer) filled() bool {
	for _, v := range l.weights {
		fresh, err := newVariable(l, v.decl, 0, l.name)
		if err != nil {
			continue
		}
		for i := range fresh.tensor.Size() {
			if fresh.tensor.Float64At(i) != v.tensor.Float64At(i) {
				return true
			}
		}
	}
	return false
}

// reached lists the layers, each once, in the order of their calls.
func (m *Model) reached() []*Layer {
	if m.sequential {
		return m.stack
	}
	var list []*Layer
	for _, c := range m.calls {
		if !slices.Contains(list, c.layer) {
			list = append(list, c.layer)
		}
	}
	return list
}

// AdaptTo lets the layers of these names, or without names all that have yet to learn,
// learn from what reaches them when the model is given x, as Predict takes it; one after
// the other, so that each sees what those before it have learned.
func (m *Model) AdaptTo(x any, names ...string) (err error) {
	defer recoverShape(&err)
	if m.err != nil {
		return m.err
	}
	if err := m.linkFor(x); err != nil {
		return fmt.Errorf("keras: AdaptTo: %w", withoutPrefix(err))
	}
	if len(names) == 0 {
		names = m.Adapters()
	}
	data, err := m.newArrays(x, nil, nil)
	if err != nil {
		return fmt.Errorf("keras: AdaptTo: %w", withoutPrefix(err))
	}
	for _, name := range names {
		if _, err := m.find(name); err != nil {
			return fmt.Errorf("keras: AdaptTo: %w", withoutPrefix(err))
		}
		in, err := m.reaching(name, data.x)
		if err != nil {
			return fmt.Errorf("keras: AdaptTo: %s: %w", name, withoutPrefix(err))
		}
		if err := m.Adapt(name, in); err != nil {
			return err
		}
	}
	return nil
}

// reaching returns what a layer gets when the model is given x.
func (m *Model) reaching(path string, x []*tensor.Tensor) (*tensor.Tensor, error) {
	name, rest, nested := strings.Cut(path, "/")
	for _, c := range m.calls {
		if c.layer.name != name {
			continue
		}
		in := make([]*tensor.Tensor, len(c.in))
		for i, s := range c.in {
			var err error
			if k := slices.Index(m.inputs, s); k >= 0 {
				in[i], err = s.take(x[k])
			} else {
				in[i], err = m.upTo(s, x)
			}
			if err != nil {
				return nil, err
			}
		}
		switch {
		case nested && c.layer.model != nil:
			return c.layer.model.reaching(rest, in)
		case len(in) != 1:
			return nil, fmt.Errorf("it has %d inputs; adapt it by itself", len(in))
		}
		return in[0], nil
	}
	return nil, errors.New("there is no such layer")
}

// upTo computes a value inside the model for all samples.
func (m *Model) upTo(s *Symbol, x []*tensor.Tensor) (*tensor.Tensor, error) {
	part := &Model{name: m.name, trainable: true, seed: m.seed, policy: m.policy, names: map[string]int{}, inputs: m.inputs, outputs: []*Symbol{s}}
	part.calls, part.layers = m.calls[:slices.Index(m.calls, s.call)+1], m.layers
	return part.Predict(x, Predict{Verbose: Silent})
}

// adapts reports whether there is a layer that can learn apart from training.
func (m *Model) adapts() bool {
	for _, l := range m.reached() {
		if l.model != nil && l.model.adapts() {
			return true
		}
		if _, ok := l.desc.(layers.Adapter); ok {
			return true
		}
	}
	return false
}

// lessons counts what the model's layers have learned, for programs that were compiled
// before it.
func (m *Model) lessons() int {
	n := 0
	for _, l := range m.layers {
		if n += l.learned; l.model != nil {
			n += l.model.lessons()
		}
	}
	return n
}

// refresh works the shapes out again, as far as they may follow from what layers have
// learned.
func (m *Model) refresh() error {
	if m.built || !m.adapts() || len(m.inputs) == 0 {
		return nil
	}
	for _, l := range m.reached() {
		if l.model != nil {
			if err := l.model.refresh(); err != nil {
				return err
			}
		}
	}
	if m.sequential {
		return m.link()
	}
	for _, c := range m.calls {
		if c.layer.inputLayer() {
			continue
		}
		specs, err := c.layer.infer(c.manner, c.in)
		if err != nil {
			return err
		}
		for i, s := range specs {
			if i < len(c.out) {
				c.out[i].shape, c.out[i].dtype = s.Shape, s.DType
			}
		}
	}
	return nil
}
