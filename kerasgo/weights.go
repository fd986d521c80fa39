package keras

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// collectVars appends the weights of all layers, each once.
func (m *Model) collectVars(vars []*Variable) []*Variable {
	for _, l := range m.layers {
		if l.model != nil {
			vars = l.model.collectVars(vars)
			continue
		}
		for _, v := range l.Weights() {
			if !slices.Contains(vars, v) {
				vars = append(vars, v)
			}
		}
	}
	return vars
}

// Weights returns the weights of all layers.
func (m *Model) Weights() []*Variable { return slices.Clone(m.vars) }

// Weights returns the layer's weights in Keras's order: its own before those of the
// layers inside it, and of each the trainable ones first.
func (l *Layer) Weights() []*Variable {
	if l.model != nil {
		return l.model.Weights()
	}
	place := map[string]int{"": -1} // of the layers inside, in the order in which they are built
	for i, v := range l.weights {
		if _, known := place[v.decl.Groups()[0]]; !known {
			place[v.decl.Groups()[0]] = i
		}
	}
	vars := slices.Clone(l.weights)
	slices.SortStableFunc(vars, func(a, b *Variable) int {
		return cmp.Or(place[a.decl.Groups()[0]]-place[b.decl.Groups()[0]], btoi(b.decl.Trainable)-btoi(a.decl.Trainable))
	})
	return vars
}

// trainableVars returns the weights that training changes.
func (m *Model) trainableVars() []*Variable {
	var out []*Variable
	for _, v := range m.vars {
		if v.Trainable() && m.trainable {
			out = append(out, v)
		}
	}
	return out
}

// GetWeights returns copies of all weights, in Keras's order.
func (m *Model) GetWeights() []*tensor.Tensor {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return values(m.vars)
}

// SetWeights copies the tensors into the weights; count and shapes must agree, or
// nothing is changed.
func (m *Model) SetWeights(w []*tensor.Tensor) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return assignAll(m.vars, w)
}

// GetWeights returns copies of the layer's weights.
func (l *Layer) GetWeights() []*tensor.Tensor { return values(l.Weights()) }

// SetWeights copies the tensors into the layer's weights; count and shapes must
// agree, or nothing is changed.
func (l *Layer) SetWeights(w []*tensor.Tensor) error { return assignAll(l.Weights(), w) }

func values(vars []*Variable) []*tensor.Tensor {
	out := make([]*tensor.Tensor, len(vars))
	for i, v := range vars {
		out[i] = v.Value()
	}
	return out
}

func assignAll(vars []*Variable, w []*tensor.Tensor) error {
	if len(w) != len(vars) {
		return fmt.Errorf("keras: SetWeights: there are %d weights, got %d values", len(vars), len(w))
	}
	for i, v := range vars {
		if w[i] == nil {
			return fmt.Errorf("keras: SetWeights: value %d is nil", i)
		}
		if !v.Shape().Equal(w[i].Shape()) {
			return fmt.Errorf("keras: SetWeights: weight %d (%s) has shape %v, the value has %v", i, v.Path(), v.Shape(), w[i].Shape())
		}
	}
	for i, v := range vars {
		if err := v.Assign(w[i]); err != nil {
			return fmt.Errorf("keras: SetWeights: %w", err)
		}
	}
	return nil
}

// CountParams returns the number of elements of all weights.
func (m *Model) CountParams() int {
	n := 0
	for _, v := range m.vars {
		n += v.tensor.Size()
	}
	return n
}
