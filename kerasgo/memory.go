package keras

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// memory lists what the layers keep from call to call, as stateful recurrent layers
// keep their state.
func (m *Model) memory() []*Variable {
	var all []*Variable
	for _, l := range m.layers {
		list := l.memory
		if l.model != nil {
			list = l.model.memory()
		}
		for _, v := range list {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	return all
}

// ResetStates lets all stateful recurrent layers start from 0 again. Nothing else
// does: Fit, Evaluate and Predict go on from the state that the last batch left, of
// whichever of them.
func (m *Model) ResetStates() {
	m.mu.Lock()
	defer m.mu.Unlock()
	forget(m.memory())
}

// ResetStates lets a stateful recurrent layer start from 0 again.
func (l *Layer) ResetStates() {
	if l.model != nil {
		l.model.ResetStates()
		return
	}
	forget(l.memory)
}

func forget(memory []*Variable) {
	for _, v := range memory {
		v.tensor.CopyFrom(tensor.New(v.tensor.DType(), v.Shape()...))
	}
	if len(memory) > 0 {
		run.VariablesChanged()
	}
}
