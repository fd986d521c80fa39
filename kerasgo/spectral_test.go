package keras

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// TestSharedWeights is TestKerasFiles for a model with SpectralNormalization, whose
// kernels are the weights of two or three layers: the case spectral of
// testdata/exchange/cases.py. What is written then has the same arrays, in the same
// places, as what Keras wrote.
func TestSharedWeights(t *testing.T) {
	dir := t.TempDir()
	unzip(t, "testdata/spectral/3.15.1.zip", dir)
	testKerasFiles(t, dir, "Keras 3.15.1")

	m := load(t, filepath.Join(dir, "spectral.keras"))
	ours, theirs := filepath.Join(t.TempDir(), "m.weights.h5"), filepath.Join(dir, "spectral.weights.h5")
	if err := m.SaveWeights(ours); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(weightArrays(t, theirs), weightArrays(t, ours)); d != "" {
		t.Errorf("Keras's file and ours differ (-Keras +ours):\n%s", d)
	}
	var names []string
	for _, v := range m.Layers()[1].Weights() {
		names = append(names, v.Path())
	}
	l := m.Layers()[1].Name() + "/"
	if d := cmp.Diff([]string{l + "layer/layer/kernel", l + "vector_u", l + "layer/vector_u", l + "layer/layer/bias"}, names); d != "" {
		t.Errorf("weights of a layer that is normalized twice (-Keras +ours):\n%s", d)
	}
}

// A kernel of zeros stays one, also where weights are cast before they are used.
func TestSpectralNormalizationOfZeros(t *testing.T) {
	for _, dtype := range []string{"float32", "mixed_bfloat16", "float64"} {
		m := NewSequential(Input(3), layers.SpectralNormalization{DType: dtype, Layer: layers.Dense{Units: 2, KernelInitializer: "zeros", DType: dtype}})
		if err := m.Compile(Compile{Loss: "mse", Optimizer: optimizers.SGD{LearningRate: 0.5}}); err != nil {
			t.Fatal(err)
		}
		x, y := tensor.New(tensor.Float32, 4, 3), tensor.From([]float32{1, 2, 1, 2, 1, 2, 1, 2}, 4, 2)
		if _, err := m.Fit(x, y, Fit{BatchSize: 4, Verbose: Silent}); err != nil {
			t.Fatalf("%s: %v", dtype, err)
		}
		w := m.GetWeights()
		for i := range w[0].Size() {
			if k := w[0].Float64At(i); k != 0 {
				t.Errorf("%s: kernel %v, want 0", dtype, k)
			}
		}
		if b := w[2]; b.Float64At(0) != 0.5 || b.Float64At(1) != 1 {
			t.Errorf("%s: bias %v, want [0.5 1]", dtype, b)
		}
	}
}

func TestSpectralNormalizationErrors(t *testing.T) {
	for _, tt := range []struct {
		layer any
		want  string
	}{
		{layers.SpectralNormalization{Layer: layers.Flatten{}}, "a layers.Flatten has no weight kernel or embeddings to normalize"},
		{layers.SpectralNormalization{Layer: layers.LSTM{Units: 2}}, "a layers.LSTM has no weight kernel or embeddings to normalize"},
		{layers.SpectralNormalization{Layer: layers.Dense{Units: 2}, PowerIterations: -1}, "power_iterations"},
	} {
		m := NewSequential()
		m.Add(Input(4, 3))
		m.Add(tt.layer)
		if err := m.Build(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}

// weightArrays returns the arrays of a file by their group; those of groups that have none are left out.
func weightArrays(t *testing.T, path string) map[string][][]float32 {
	t.Helper()
	w, err := kerasfile.OpenWeights(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]float32{}
	for _, g := range w.Groups {
		for _, v := range g.Vars {
			data, err := v.Float32s()
			if err != nil {
				t.Fatal(err)
			}
			all[g.Path] = append(all[g.Path], data)
		}
	}
	return all
}
