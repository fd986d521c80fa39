package keras

import (
	"fmt"
	"sync"
	"time"

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
