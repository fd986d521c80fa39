package keras

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Add appends a layer, such as layers.Dense{Units: 10}, or a model, to a
// Sequential. A mistake is kept, with the caller's file and line, and returned by
// Err, Build and Compile; from then on Add does nothing.
func (m *Model) Add(layer any) { m.add(layer, caller(1)) }

func (m *Model) add(layer any, where string) {
	if m.err != nil {
		return
	}
	fail := func(class string, err error) {
		m.err = located(where, "model.Add("+class+")", err)
	}
	if !m.sequential {
		fail("", errors.New("only a Sequential can be added to"))
		return
	}
	var l *Layer
	switch v := layer.(type) {
	case *Layer:
		l = v
	case *Symbol:
		if v != nil && v.err != nil {
			m.err = v.err
			return
		}
		if v != nil && v.call != nil {
			l = v.call.layer
		}
	default:
		l = newLayer(layer, where)
	}
	if l == nil {
		fail("nil", errors.New("nil is no layer"))
		return
	}
	if l.err != nil {
		m.err = rename(l.err, where, l.typeName())
		return
	}
	if len(m.stack) > 0 && l.inputLayer() {
		fail(l.typeName(), errors.New("an input can only be the first layer"))
		return
	}
	if err := m.claimName(l); err != nil {
		fail(l.typeName(), err)
		return
	}
	if len(m.stack) == 0 && !l.inputLayer() {
		if shape, ok := l.inputShape(); ok {
			in := newLayer(inputLayerOf(shape, l), where)
			if in.err != nil {
				m.err = rename(in.err, where, l.typeName())
				return
			}
			m.claimName(in)
			m.stack = append(m.stack, in)
		} else if l.model != nil && len(l.model.inputs) == 1 {
			in := newLayer(inputLayerOf(l.model.inputs[0].shape, nil), where)
			m.claimName(in)
			m.stack = append(m.stack, in)
		}
	}
	m.stack = append(m.stack, l)
	m.reset()
	if err := m.link(); err != nil {
		fail(l.typeName(), unscoped(err))
		m.stack = m.stack[:len(m.stack)-1]
	}
}

// rename turns the place of a layer's own error into that of the Add call.
func rename(err error, where, typeName string) error {
	inner := errors.Unwrap(err)
	if inner == nil {
		inner = err
	}
	return located(where, "model.Add("+typeName+")", inner)
}

// Pop removes the last layer of a Sequential.
func (m *Model) Pop() error {
	if m.err != nil {
		return m.err
	}
	if !m.sequential || len(m.stack) == 0 || len(m.stack) == 1 && m.stack[0].inputLayer() {
		return errors.New("keras: Pop: there is no layer to remove")
	}
	m.stack = m.stack[:len(m.stack)-1]
	m.reset()
	return m.link()
}

// reset forgets what followed from the layers there were. Weights stay with
// their layers.
func (m *Model) reset() {
	m.inputs, m.outputs, m.calls, m.layers, m.vars = nil, nil, nil, nil, nil
	m.built, m.compiled = false, nil
	m.programs.clear()
}

// link applies a Sequential's layers one after the other, as far as the shape of
// its input is known.
func (m *Model) link() error {
	if len(m.stack) == 0 || !m.stack[0].inputLayer() {
		return nil
	}
	first := m.stack[0]
	shape, _ := first.inputShape()
	dtype, err := tensor.ParseDType(inputDType(first))
	if err != nil {
		return err
	}
	c := &call{layer: first}
	s := &Symbol{call: c, shape: shape, dtype: dtype}
	c.out = []*Symbol{s}
	m.inputs, m.calls = []*Symbol{s}, []*call{c}
	first.linked = c
	for _, l := range m.stack[1:] {
		specs, err := l.infer(manner{}, []*Symbol{s})
		if err != nil {
			return err
		}
		c := &call{layer: l, in: []*Symbol{s}}
		for i, sp := range specs {
			c.out = append(c.out, &Symbol{call: c, index: i, shape: sp.Shape, dtype: sp.DType, named: sp.named})
		}
		if len(c.out) == 0 {
			return fmt.Errorf("%s yields nothing", l.label())
		}
		m.calls = append(m.calls, c)
		l.linked = c
		s = c.out[0]
	}
	m.outputs = []*Symbol{s}
	m.layers = m.stack
	return nil
}

// unscoped takes the layer's name off an error that is reported with a place. Of layers
// inside it the names stay.
func unscoped(err error) error {
	var s *graph.ScopeError
	if !errors.As(err, &s) {
		return err
	}
	if _, inside, ok := strings.Cut(s.Scope, "/"); ok {
		return &graph.ScopeError{Scope: inside, Err: s.Err}
	}
	return s.Err
}

// claimName gives a layer without a name Keras's automatic one: its class in
// snake case, numbered from the second on. Names must be unique.
func (m *Model) claimName(l *Layer) error {
	if l.autoName && l.name == "" || l.model != nil && l.autoName {
		base := l.snakeCase()
		l.name = base
		for n := m.names[base]; m.hasName(l.name) || n > 0; {
			l.name = fmt.Sprintf("%s_%d", base, n)
			if !m.hasName(l.name) {
				break
			}
			n++
		}
		m.names[base]++
		l.setField("Name", l.name)
		return nil
	}
	if m.hasName(l.name) {
		return fmt.Errorf("there is a layer named %q already; names must be unique", l.name)
	}
	return nil
}

func (m *Model) hasName(name string) bool {
	for _, l := range m.stack {
		if l.name == name {
			return true
		}
	}
	for _, l := range m.layers {
		if l.name == name {
			return true
		}
	}
	return false
}
