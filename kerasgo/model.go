package keras

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Model is a graph of layer calls with its weights. NewSequential makes one that
// grows by Add; NewModel makes one from symbols.
//
// Predict, PredictOnBatch and the methods that only read may be called from any
// number of goroutines; Fit, Evaluate and what changes the model are exclusive.
type Model struct {
	name       string
	autoName   bool
	sequential bool
	trainable  bool
	seed       uint64
	policy     string // the global dtype policy when the model was made

	stack   []*Layer  // a Sequential's layers in order, its InputLayer included
	inputs  []*Symbol // of a built graph
	outputs []*Symbol
	calls   []*call  // in the order in which they were made
	layers  []*Layer // in Keras's order
	names   map[string]int
	err     error // the first one; see Err

	inputKeys, outputKeys []string // of inputs and outputs made by Dict

	vars     []*Variable // of all layers, in the order of layers
	built    bool
	compiled *compiled
	programs programs
	filling  *filling // while a file's weights are to come

	impl  *subclass // the user's code that computes the model; nil for others
	steps Steps     // of the user's own

	ownSteps int    // training steps done, of which random numbers of steps of one's own are a function
	wrapper  *Layer // the model as a layer; see layer

	mu         sync.RWMutex // held for writing by what changes weights
	building   sync.Mutex
	fitting    sync.Mutex // held by Fit and Evaluate
	epochsDone int        // passes through the data, for shuffling

	clock func() time.Time // for progress; nil means time.Now
}

// NewSequential returns a model without layers, to which Add adds one after the
// other. Layers may be given at once.
func NewSequential(list ...any) *Model {
	m := &Model{name: "sequential", autoName: true, sequential: true, trainable: true, seed: globalSeed(), policy: DTypePolicy(), names: map[string]int{}}
	where := caller(1)
	for _, l := range list {
		m.add(l, where)
	}
	return m
}

// Named sets the model's name and returns the model.
func (m *Model) Named(name string) *Model {
	m.name, m.autoName = name, false
	return m
}

// Name returns the model's name.
func (m *Model) Name() string { return m.name }

func (m *Model) class() string {
	if m.sequential {
		return "Sequential"
	}
	if m.impl != nil {
		return m.impl.class()
	}
	return "Functional"
}

// Err returns the first error that Add or a layer's application met.
func (m *Model) Err() error { return m.err }

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
		fail(l.typeName(), err)
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
			return unscoped(err)
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

// unscoped takes the layer's name off an error that is reported with a place.
func unscoped(err error) error {
	var s *graph.ScopeError
	if errors.As(err, &s) {
		return s.Err
	}
	return err
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

// Layers returns the layers in order. A Sequential leaves out its InputLayer, as
// Keras does.
func (m *Model) Layers() []*Layer {
	list := m.layers
	if m.sequential {
		list = m.stack
		if len(list) > 0 && list[0].inputLayer() {
			list = list[1:]
		}
	}
	return append([]*Layer{}, list...)
}

// GetLayer returns the layer of that name.
func (m *Model) GetLayer(name string) (*Layer, error) {
	var names []string
	for _, l := range m.Layers() {
		if l.name == name {
			return l, nil
		}
		names = append(names, l.name)
	}
	return nil, fmt.Errorf("keras: model %q has no layer %q; its layers are %v", m.name, name, names)
}

// Compiled reports whether the model was compiled, by Compile or by the file it
// was loaded from.
func (m *Model) Compiled() bool { return m.compiled != nil }

// Trainable reports whether the model as a whole is trained.
func (m *Model) Trainable() bool { return m.trainable }

// SetTrainable freezes or unfreezes all layers. It takes effect when the model is
// compiled again.
func (m *Model) SetTrainable(trainable bool) {
	m.trainable = trainable
	for _, l := range m.Layers() {
		l.SetTrainable(trainable)
	}
}

// InputNames returns the names of the model's inputs, by which Fit, Evaluate and
// Predict take a map of arrays; none before it is built.
func (m *Model) InputNames() []string {
	var names []string
	for _, s := range m.inputs {
		names = append(names, s.call.layer.name)
	}
	return names
}

// InputShapes returns the shapes of the inputs, tensor.Unknown standing for None;
// nil before the model is built.
func (m *Model) InputShapes() []tensor.Shape { return shapesOf(m.inputs) }

// OutputShapes returns the shapes of the outputs.
func (m *Model) OutputShapes() []tensor.Shape { return shapesOf(m.outputs) }

func shapesOf(list []*Symbol) []tensor.Shape {
	var out []tensor.Shape
	for _, s := range list {
		out = append(out, s.shape.Clone())
	}
	return out
}
