package keras

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

var (
	seedSet   atomic.Bool
	seedValue atomic.Uint64
)

// SetRandomSeed makes everything random that models do from now on, in models
// made from now on, a function of the seed: initial weights, dropout, shuffling.
// The same seed gives the same numbers for any number of threads.
func SetRandomSeed(seed int) {
	seedValue.Store(uint64(seed))
	seedSet.Store(true)
}

func globalSeed() uint64 {
	if seedSet.Load() {
		return seedValue.Load()
	}
	return rand.Uint64()
}

// SetSeed gives this model a seed of its own. It must come before Build, or the
// initial weights keep the earlier one.
func (m *Model) SetSeed(seed int) { m.seed = uint64(seed) }

// Build makes the weights of a Sequential for inputs of the given shape, the
// batch axis included: Build(-1, 784). A model that knows its input needs no
// shape, and Fit, Evaluate and Predict build by themselves. It returns the first
// mistake made by Add.
func (m *Model) Build(shape ...int) error {
	if m.err != nil {
		return m.err
	}
	if m.sequential && len(m.stack) == 0 {
		return errors.New("keras: Build: the model has no layers; Add some first")
	}
	if len(m.inputs) == 0 {
		if len(shape) == 0 {
			return fmt.Errorf("keras: Build: the input shape of %q is not known; give it, or put InputShape into the first layer", m.name)
		}
		if err := m.setInput(shape, tensor.Float32); err != nil {
			return fmt.Errorf("keras: Build: %w", err)
		}
	} else if len(shape) > 0 && !fits(shape, m.inputs[0].shape) {
		return fmt.Errorf("keras: Build: the model's input has shape %v, not %v", m.inputs[0].shape, tensor.Shape(shape))
	}
	if m.built {
		return nil
	}
	if err := m.refresh(); err != nil {
		return fmt.Errorf("keras: Build: %w", unscoped(err))
	}
	if err := m.makeWeights(m.name); err != nil {
		return fmt.Errorf("keras: %w", err)
	}
	return nil
}

// setInput puts an InputLayer before a Sequential's layers.
func (m *Model) setInput(shape tensor.Shape, dtype tensor.DType) error {
	if m.impl != nil {
		return m.setInputs([]string{""}, []graph.Spec{{DType: dtype, Shape: shape}})
	}
	d := inputLayerOf(shape.Clone(), nil)
	d.BatchShape[0] = tensor.Unknown
	d.DType = dtype.String()
	in := newLayer(d, "")
	if in.err != nil {
		return in.err
	}
	if err := m.claimName(in); err != nil {
		return err
	}
	m.stack = slices.Insert(m.stack, 0, in)
	if err := m.link(); err != nil {
		m.stack = m.stack[1:]
		m.inputs, m.outputs, m.calls, m.layers = nil, nil, nil, nil
		return err
	}
	return nil
}

// fits reports whether data of shape s can be fed where shape want is declared.
func fits(s, want tensor.Shape) bool {
	if len(s) != len(want) {
		return false
	}
	for i := range s {
		if want[i] != tensor.Unknown && s[i] != want[i] && s[i] != tensor.Unknown {
			return false
		}
	}
	return true
}

// someLength and otherLength stand for unknown lengths; no weight may depend on
// them.
const someLength, otherLength = 61, 67

// makeWeights builds the layers that have no weights yet. Prefix is the path of
// the model, so that equal layers of two nested models start differently.
func (m *Model) makeWeights(prefix string) error {
	if m.impl != nil {
		return m.impl.build(m, prefix)
	}
	for _, c := range m.calls {
		l := c.layer
		if l.built || l.inputLayer() {
			continue
		}
		path := prefix + "/" + l.name
		if l.model != nil {
			l.model.filling = m.filling
			if err := l.model.makeWeights(path); err != nil {
				return err
			}
			l.built = true
			continue
		}
		shapes, others := make([]tensor.Shape, len(c.in)), make([]tensor.Shape, len(c.in))
		for i, s := range c.in {
			shapes[i], others[i] = known(s.shape, someLength), known(s.shape, otherLength)
		}
		if err := m.buildLayer(l, c.manner, path, shapes, others); err != nil {
			return err
		}
	}
	m.vars = m.collectVars(nil)
	m.built = true
	return nil
}

// buildLayer makes the weights of a layer for inputs of given shapes, which are told from
// others where a length is not known.
func (m *Model) buildLayer(l *Layer, how manner, path string, shapes, others []tensor.Shape) error {
	g := graph.New()
	g.Push(l.label())
	decls := l.declare(g, arranged(how, shapes))
	again := l.declare(g, arranged(how, others))
	if err := g.Err(); err != nil {
		return err
	}
	l.weights, l.memory = nil, nil
	for k, w := range decls {
		if k >= len(again) || !w.Shape.Equal(again[k].Shape) {
			if w.Memory {
				return fmt.Errorf("%s: stateful=true wants a fixed number of samples in a batch; give the model's input one, as layers.InputLayer{BatchShape: []int{32, …}}", l.label())
			}
			if waiting := m.Adapters(); len(waiting) > 0 {
				return fmt.Errorf("%s: the shape of weight %s depends on what %s has yet to learn; adapt it to data first", l.label(), w.Name, strings.Join(waiting, ", "))
			}
			return fmt.Errorf("%s: the shape of weight %s depends on a length of the input %v that is not known", l.label(), w.Name, unknownIn(shapes[0], others[0]))
		}
		if w.Memory {
			v, err := newVariable(l, w, 0, path)
			if err != nil {
				return err
			}
			l.memory = append(l.memory, v)
			continue
		}
		v, err := m.filling.variable(l, w)
		if v == nil && err == nil {
			v, err = newVariable(l, w, m.seed, path)
		}
		if err != nil {
			return err
		}
		l.weights = append(l.weights, v)
	}
	l.built = true
	return nil
}

// unknownIn returns a shape with the lengths unknown in which it differs from another.
func unknownIn(a, b tensor.Shape) tensor.Shape {
	a = a.Clone()
	for k := range a {
		if len(a) == len(b) && a[k] != b[k] {
			a[k] = tensor.Unknown
		}
	}
	return a
}

// restartFor stores the starting values that the weights have for the inputs of a call.
func (l *Layer) restartFor(c *call) error {
	g := graph.New()
	shapes := make([]tensor.Shape, len(c.in))
	for i, s := range c.in {
		shapes[i] = known(s.shape, someLength)
	}
	decls := l.declare(g, arranged(c.manner, shapes))
	if err := g.Err(); err != nil {
		return unscoped(err)
	}
	fresh := make([]*Variable, len(decls))
	for k, w := range decls {
		v, err := newVariable(l, w, 0, l.name)
		if err != nil {
			return err
		}
		fresh[k] = v
	}
	for k, v := range fresh {
		l.weights[k].decl = v.decl
		if err := l.weights[k].Assign(v.tensor); err != nil {
			return err
		}
	}
	return nil
}
