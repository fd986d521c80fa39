package keras_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TestPredictionsFollowWeights: what a prediction has prepared from the weights,
// here for Winograd's algorithm, is made anew after every change of them.
func TestPredictionsFollowWeights(t *testing.T) {
	build := func() *keras.Model {
		m := keras.NewSequential(
			layers.Conv2D{Filters: 16, KernelSize: [2]int{3, 3}, Padding: "same", Activation: "relu", InputShape: []int{16, 16, 16}},
			layers.GlobalAveragePooling2D{}, layers.Dense{Units: 2})
		if err := m.Compile(keras.Compile{Loss: "mse", Optimizer: "sgd"}); err != nil {
			t.Fatal(err)
		}
		return m
	}
	x, y := tensor.New(tensor.Float32, 1, 16, 16, 16), tensor.New(tensor.Float32, 1, 2)
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(i%17) / 17
	}
	predict := func(m *keras.Model) []float32 {
		t.Helper()
		out, err := m.PredictOnBatch(x)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(out.Float32s())
	}
	m := build()
	last := predict(m)
	check := func(what string) {
		t.Helper()
		got := predict(m)
		if slices.Equal(got, last) {
			t.Errorf("%s does not change the prediction", what)
		}
		last = got
		fresh := build()
		if err := fresh.Build(); err != nil {
			t.Fatal(err)
		}
		if err := fresh.SetWeights(m.GetWeights()); err != nil {
			t.Fatal(err)
		}
		if want := predict(fresh); !slices.Equal(got, want) {
			t.Errorf("after %s: %v, a fresh model with the same weights predicts %v", what, got, want)
		}
	}
	file := filepath.Join(t.TempDir(), "w.weights.h5")
	if err := m.SaveWeights(file); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Fit(x, y, keras.Fit{Verbose: keras.Silent}); err != nil {
		t.Fatal(err)
	}
	check("Fit")
	kernel := m.Weights()[0]
	half := kernel.Value()
	for i := range half.Float32s() {
		half.Float32s()[i] /= 2
	}
	if err := kernel.Assign(half); err != nil {
		t.Fatal(err)
	}
	check("Assign")
	if err := m.LoadWeights(file); err != nil {
		t.Fatal(err)
	}
	check("LoadWeights")
	if _, err := m.TrainOnBatch(x, y, keras.OnBatch{}); err != nil {
		t.Fatal(err)
	}
	check("TrainOnBatch")
}
