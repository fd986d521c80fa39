package keras

import (
	"errors"
	"fmt"
)

// Output returns the layer's output, of its first call: what feature extraction
// starts from.
//
//	conv := keras.Must(model.GetLayer("block3_conv3"))
//	features := keras.NewModel(model.Input(), conv.Output())
//
// The layer of a Sequential has one once the model's input shape is known.
func (l *Layer) Output() *Symbol {
	if c := l.firstCall(); c != nil && len(c.out) > 0 {
		return c.out[0]
	}
	return &Symbol{err: l.neverCalled("output")}
}

// Outputs returns all outputs of the layer's first call.
func (l *Layer) Outputs() []*Symbol {
	if c := l.firstCall(); c != nil {
		return append([]*Symbol{}, c.out...)
	}
	return []*Symbol{{err: l.neverCalled("output")}}
}

// Input returns what the layer was first called with: its only input, or the first.
func (l *Layer) Input() *Symbol {
	switch c := l.firstCall(); {
	case c == nil:
		return &Symbol{err: l.neverCalled("input")}
	case len(c.in) > 0:
		return c.in[0]
	default:
		return c.out[0] // of an InputLayer
	}
}

func (l *Layer) firstCall() *call {
	if len(l.calls) == 0 {
		return l.linked
	}
	return l.calls[0]
}

func (l *Layer) neverCalled(what string) error {
	return fmt.Errorf("keras: layer %q has never been called and has no %s; give the model an input shape", l.label(), what)
}

// Input returns the model's inputs, to build further models from its symbols.
func (m *Model) Input() Symbols { return m.ends(m.inputs, "input") }

// Output returns the model's outputs.
func (m *Model) Output() Symbols { return m.ends(m.outputs, "output") }

// Inputs returns the symbols of the model's inputs; none before it is built.
func (m *Model) Inputs() []*Symbol { return append([]*Symbol{}, m.inputs...) }

// Outputs returns the symbols of the model's outputs; none before it is built.
func (m *Model) Outputs() []*Symbol { return append([]*Symbol{}, m.outputs...) }

func (m *Model) ends(list []*Symbol, what string) Symbols {
	err := m.err
	if err == nil && len(list) == 0 {
		err = errors.New("keras: model \"" + m.name + "\" has no " + what + " yet; Build it with an input shape")
	}
	if err != nil {
		return &Symbol{err: err}
	}
	return symbolList(append([]*Symbol{}, list...))
}
