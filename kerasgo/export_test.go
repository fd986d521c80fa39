package keras

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// SetClock makes progress bars of the model read the time from f.
func SetClock(m *Model, f func() time.Time) { m.clock = f }

// StepAllocs returns how many allocations one more training step makes, without
// the logs of callbacks.
func StepAllocs(m *Model, x, y any, batch int) (float64, error) {
	if err := m.buildFor(x); err != nil {
		return 0, err
	}
	data, err := m.newArrays(x, y, nil)
	if err != nil {
		return 0, err
	}
	r, err := m.newRunner(modeTrain, data, batch)
	if err != nil {
		return 0, err
	}
	defer r.close()
	rows := r.order.next()
	if err := r.step(rows); err != nil { // the first one compiles
		return 0, err
	}
	return testing.AllocsPerRun(20, func() { err = errors.Join(err, r.step(rows)) }), err
}

// ComputedLayers returns the names of a functional model's layers in the order
// that follows from its graph, whatever order the file listed them in.
func ComputedLayers(m *Model) ([]string, error) {
	fresh := NewModel(symbolList(m.inputs), symbolList(m.outputs))
	var names []string
	for _, l := range fresh.layers {
		names = append(names, l.name)
	}
	return names, fresh.err
}

// OptimizerVariables returns the optimizer's variables in Keras's order.
func OptimizerVariables(m *Model) (list []*tensor.Tensor) {
	for _, s := range m.optimizerState() {
		list = append(list, s.t)
	}
	return list
}

// TrainedWeights returns which of the weights are trained.
func TrainedWeights(m *Model) []int {
	list := []int{}
	for _, v := range m.trainableVars() {
		list = append(list, slices.Index(m.vars, v))
	}
	return list
}
