package keras

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TestFrozenInside: layers inside layers and models that are not to be trained keep
// their weights, and older files list theirs last.
func TestFrozenInside(t *testing.T) {
	frozen := func(units int) layers.Dense { return layers.Dense{Units: units, Trainable: new(false)} }
	inner := NewSequential(frozen(3), layers.Dense{Units: 2, Name: "trained"})
	m := NewSequential(Input(4, 3), layers.TimeDistributed{Layer: frozen(3)}, layers.RNN{Cell: layers.StackedRNNCells{Cells: []any{
		layers.GRUCell{Units: 2, Trainable: new(false)}, layers.SimpleRNNCell{Units: 3}}}}, inner)
	if err := m.Compile(Compile{Loss: "mse", Optimizer: "sgd"}); err != nil {
		t.Fatal(err)
	}
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	var trained []string
	before := map[*Variable][]float32{}
	for _, v := range m.Weights() {
		before[v] = v.Value().Float32s()
		if v.Trainable() {
			trained = append(trained, v.Path())
		}
	}
	want := []string{"rnn/cell/cells/simple_rnn_cell/kernel", "rnn/cell/cells/simple_rnn_cell/recurrent_kernel", "rnn/cell/cells/simple_rnn_cell/bias", "trained/kernel", "trained/bias"}
	if d := cmp.Diff(want, trained); d != "" {
		t.Error(d)
	}
	r := readyToTrain(m)
	trainSteps(t, m, r, 2)
	for v, old := range before {
		if changed := !cmp.Equal(old, v.Value().Float32s()); changed != v.Trainable() {
			t.Errorf("%s changed: %v", v.Path(), changed)
		}
	}
	var order []string
	for _, v := range m.Layers()[2].legacyOrder() {
		order = append(order, v.Path())
	}
	if d := cmp.Diff([]string{"trained/kernel", "trained/bias", "dense/kernel", "dense/bias"}, order); d != "" {
		t.Error(d)
	}
}
