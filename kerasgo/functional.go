package keras

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// NewModel returns the model that computes outputs from inputs. Both are one
// symbol or, made by List or Dict, several:
//
//	a, b := keras.Input(8), keras.Input(4)
//	y := keras.Apply(layers.Dense{Units: 1}, keras.Apply(layers.Concatenate{}, a, b))
//	model := keras.NewModel(keras.List(a, b), y)
//
// A mistake made on the way is returned by Err, Build and Compile.
func NewModel(inputs, outputs Symbols) *Model {
	where := caller(1)
	m := &Model{name: "functional", autoName: true, trainable: true, seed: globalSeed(), policy: DTypePolicy(), names: map[string]int{}}
	if inputs == nil || outputs == nil {
		m.err = located(where, "keras.NewModel", errors.New("the inputs or outputs are nil"))
		return m
	}
	m.inputs, m.outputs = inputs.symbols(), outputs.symbols()
	if d, ok := inputs.(symbolDict); ok {
		m.inputKeys = d.keys()
	}
	if d, ok := outputs.(symbolDict); ok {
		m.outputKeys = d.keys()
	}
	if err := m.collect(); err != nil {
		m.err = located(where, "keras.NewModel", err)
	}
	for _, s := range append(slices.Clone(m.outputs), m.inputs...) {
		if s != nil && s.err != nil {
			m.err = s.err
			break
		}
	}
	return m
}

// collect finds the calls between inputs and outputs, puts the layers into Keras's
// order and names them.
func (m *Model) collect() error {
	met, err := m.walk()
	if err != nil {
		return err
	}
	// Names are given in the order in which layers were created.
	m.layers = nil
	for _, l := range slices.SortedStableFunc(slices.Values(met), func(a, b *Layer) int { return cmp.Compare(a.created, b.created) }) {
		if err := m.claimName(l); err != nil {
			return err
		}
		m.layers = append(m.layers, l)
	}
	m.orderLayers(met)
	return nil
}

// walk finds the calls between inputs and outputs, and their layers in the order in
// which they are met walking back from the outputs.
func (m *Model) walk() (met []*Layer, err error) {
	for _, s := range append(slices.Clone(m.inputs), m.outputs...) {
		if s == nil || s.err != nil {
			return nil, errors.New("an input or output is not valid")
		}
	}
	if len(m.inputs) == 0 || len(m.outputs) == 0 {
		return nil, errors.New("a model needs at least one input and one output")
	}
	for i, s := range m.inputs {
		if slices.Contains(m.inputs[:i], s) {
			return nil, fmt.Errorf("input %d is given twice", i)
		}
		if !s.call.layer.inputLayer() {
			return nil, fmt.Errorf("an input must come from keras.Input, this one is the output of %s", s.call.layer.label())
		}
	}
	var calls []*call // in post-order: what a call needs comes before it
	state := map[*call]int{}
	var visit func(c *call) error
	visit = func(c *call) error {
		switch state[c] {
		case 1:
			return fmt.Errorf("%s depends on itself", c.layer.label())
		case 2:
			return nil
		}
		state[c] = 1
		if !slices.Contains(met, c.layer) {
			met = append(met, c.layer)
		}
		for _, s := range c.in {
			if err := visit(s.call); err != nil {
				return err
			}
		}
		if c.layer.inputLayer() && !slices.Contains(m.inputs, c.out[0]) {
			return fmt.Errorf("input %v, which the outputs need, is not among the model's inputs", c.out[0].shape)
		}
		state[c] = 2
		calls = append(calls, c)
		return nil
	}
	for _, s := range m.outputs {
		if err := visit(s.call); err != nil {
			return nil, err
		}
	}
	unused := 0
	for _, s := range m.inputs {
		if state[s.call] == 0 { // unused, but the model wants it fed; Keras puts it before the outputs
			calls = append(calls, s.call)
			met = slices.Insert(met, unused, s.call.layer)
			unused++
		}
	}
	m.calls = calls
	return met, nil
}

// orderLayers puts the layers, given in the order in which they are met walking back
// from the outputs, by depth, farthest from the outputs first: Keras's
// map_graph_network.
func (m *Model) orderLayers(met []*Layer) {
	depth := map[*call]int{}
	layerDepth := map[*Layer]int{}
	var calls []*call // in the order in which they are met here
	meet := func(c *call) {
		if _, known := depth[c]; !known {
			depth[c] = 0
			calls = append(calls, c)
		}
	}
	for i := len(m.calls) - 1; i >= 0; i-- { // consumers before producers
		c := m.calls[i]
		meet(c)
		d := max(depth[c], layerDepth[c.layer])
		layerDepth[c.layer], depth[c] = d, d
		for _, s := range c.in {
			meet(s.call)
			depth[s.call] = max(depth[s.call], d+1)
		}
	}
	// As in Keras calls far from the outputs come first, which decides who still sees a mask that a call takes away.
	m.calls = calls
	slices.SortStableFunc(m.calls, func(a, b *call) int { return depth[b] - depth[a] })
	m.layers = met
	slices.SortStableFunc(m.layers, func(a, b *Layer) int { return layerDepth[b] - layerDepth[a] })
}

// inferOutputs returns what the model yields as a layer applied to symbols.
func (m *Model) inferOutputs(in []*Symbol) ([]outSpec, error) {
	if m.err != nil {
		return nil, m.err
	}
	if len(m.inputs) == 0 {
		if !m.sequential || len(in) != 1 {
			return nil, fmt.Errorf("model %q is not built", m.name)
		}
		if err := m.setInput(in[0].shape, in[0].dtype); err != nil {
			return nil, err
		}
	}
	if len(in) != len(m.inputs) {
		return nil, fmt.Errorf("model %q wants %d inputs, got %d", m.name, len(m.inputs), len(in))
	}
	values := map[*Symbol]*Symbol{}
	for i, s := range m.inputs {
		if !fits(in[i].shape, s.shape) {
			return nil, fmt.Errorf("%w: model %q wants input %d of shape %v, got %v", graph.ErrShape, m.name, i, s.shape, in[i].shape)
		}
		values[s] = in[i]
	}
	for _, c := range m.calls {
		if c.layer.inputLayer() {
			continue
		}
		args := make([]*Symbol, len(c.in))
		for i, s := range c.in {
			args[i] = values[s]
		}
		specs, err := c.layer.infer(c.manner, args)
		if err != nil {
			return nil, err
		}
		for i, sp := range specs {
			if i < len(c.out) {
				values[c.out[i]] = &Symbol{shape: sp.Shape, dtype: sp.DType, named: sp.named}
			}
		}
	}
	out := make([]outSpec, len(m.outputs))
	for i, s := range m.outputs {
		out[i] = outSpec{graph.Spec{DType: values[s].dtype, Shape: values[s].shape}, values[s].named}
	}
	return out, nil
}

// inputLayerOf describes the input that Keras puts before a Sequential's first
// layer. Embeddings and the like read whatever numbers come.
func inputLayerOf(shape tensor.Shape, _ *Layer) layers.InputLayer {
	return layers.InputLayer{BatchShape: shape}
}

func inputDType(l *Layer) string {
	if in, ok := l.desc.(layers.InputLayer); ok {
		return in.DType
	}
	return ""
}
