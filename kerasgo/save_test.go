package keras

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func smallModel(m *Model) error {
	m.Add(layers.Dense{Units: 3, InputShape: []int{4}, Activation: "relu"})
	m.Add(layers.Dense{Units: 2, Name: "last"})
	return m.Compile(Compile{Loss: "mse", Optimizer: "adam"})
}

// TestLoadWeightsMismatch: the error names file, layer and both shapes, and no weight has changed.
func TestLoadWeightsMismatch(t *testing.T) {
	dir := t.TempDir()
	saved := NewSequential(layers.Dense{Units: 3, InputShape: []int{4}}, layers.Dense{Units: 5, Name: "last"})
	if err := saved.Build(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"w.weights.h5", "w.h5", "m.keras", "m.h5"} {
		path := filepath.Join(dir, name)
		var err error
		if strings.HasPrefix(name, "w") {
			err = saved.SaveWeights(path)
		} else {
			err = saved.Save(path)
		}
		if err != nil {
			t.Fatal(err)
		}
		m := NewSequential()
		if err := smallModel(m); err != nil {
			t.Fatal(err)
		}
		if err := m.Build(); err != nil {
			t.Fatal(err)
		}
		before := recordArrays(m.GetWeights())
		err = m.LoadWeights(path)
		if err == nil {
			t.Fatalf("%s is accepted", name)
		}
		for _, want := range []string{name, "last", "(3, 2)", "(3, 5)"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in: %v", name, want, err)
			}
		}
		for i, a := range recordArrays(m.GetWeights()) {
			if !slices.Equal(a.Data, before[i].Data) {
				t.Errorf("%s: weight %d has changed", name, i)
			}
		}
	}
}

// TestSaveNames: suffixes choose formats; a mistake leaves no file and does not harm the old one.
func TestSaveNames(t *testing.T) {
	dir := t.TempDir()
	m := NewSequential()
	if err := smallModel(m); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"m.onnx": "the suffix must be .keras or .h5", "m": "the suffix must be", "m.weights.h5": "use SaveWeights",
		filepath.Join("missing", "m.keras"): "missing", filepath.Join("missing", "m.h5"): "missing",
	} {
		if err := m.Save(filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Save(%s): %v", name, err)
		}
	}
	if err := m.SaveWeights(filepath.Join(dir, "m.keras")); err == nil || !strings.Contains(err.Error(), ".weights.h5") {
		t.Errorf("SaveWeights: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	old := filepath.Join(dir, "old.keras")
	if err := os.Mkdir(old, 0o777); err != nil { // can't be replaced by a file
		t.Fatal(err)
	}
	if err := m.Save(old); err == nil {
		t.Error("a folder was replaced")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// TestSaveUnfinished: models that are not built or not compiled are saved as they are.
func TestSaveUnfinished(t *testing.T) {
	dir := t.TempDir()
	built := NewSequential(layers.Dense{Units: 3, InputShape: []int{4}})
	for _, name := range []string{"a.keras", "a.h5"} {
		path := filepath.Join(dir, name)
		if err := built.Save(path); err != nil {
			t.Fatal(err)
		}
		m := load(t, path)
		if m.compiled != nil {
			t.Errorf("%s: compiled", name)
		}
		var w worst
		w.arrays(t, name, recordArrays(m.GetWeights()), recordArrays(built.GetWeights()))
		if w.diff != 0 {
			t.Errorf("%s: weights differ", name)
		}
	}
	compiled := NewSequential(layers.Dense{Units: 3, InputShape: []int{4}})
	if err := compiled.Compile(Compile{Loss: "mse"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "c.keras")
	if err := compiled.Save(path); err != nil {
		t.Fatal(err)
	}
	if m := load(t, path); m.compiled == nil {
		t.Error("not compiled")
	}
	if m, err := LoadModelWith(path, LoadOptions{NoCompile: true}); err != nil || m.compiled != nil {
		t.Errorf("NoCompile: %v", err)
	}
	unbuilt := NewSequential(layers.Dense{Units: 3}, layers.Dense{Units: 1})
	path = filepath.Join(dir, "u.keras")
	if err := unbuilt.Save(path); err != nil {
		t.Fatalf("a model that is not built: %v", err)
	}
	m := load(t, path)
	if err := m.Build(-1, 7); err != nil {
		t.Fatal(err)
	}
	if got := m.CountParams(); got != 7*3+3+3+1 {
		t.Errorf("%d params", got)
	}
	if err := unbuilt.Save(filepath.Join(dir, "u.h5")); err == nil || !strings.Contains(err.Error(), "not built") {
		t.Errorf("u.h5: %v", err)
	}
}

// TestHalfWeights: weights kept in 16 bits are read.
func TestHalfWeights(t *testing.T) {
	dir := t.TempDir()
	for _, dtype := range []string{"bfloat16", "float16", "float64"} {
		m := NewSequential(layers.Dense{Units: 2, InputShape: []int{2}})
		kernel, err := kerasfile.FromFloat32s("", dtype, []int{2, 2}, []float32{1, -0.5, 2, 0.25})
		if err != nil {
			t.Fatal(err)
		}
		bias, err := kerasfile.FromFloat32s("", dtype, []int{2}, []float32{3, 4})
		if err != nil {
			t.Fatal(err)
		}
		w := &kerasfile.Weights{}
		w.Add("layers/dense", "dense", kernel, bias)
		w.Add("", "sequential")
		path := filepath.Join(dir, dtype+".weights.h5")
		if err := kerasfile.WriteWeights(path, w); err != nil {
			t.Fatal(err)
		}
		if err := m.LoadWeights(path); err != nil {
			t.Fatal(err)
		}
		if got := m.GetWeights()[0].Float32s(); !slices.Equal(got, []float32{1, -0.5, 2, 0.25}) {
			t.Errorf("%s: %v", dtype, got)
		}
	}
}

// TestOtherBackends: optimizers that Keras on torch names by its own modules are found by class.
func TestOtherBackends(t *testing.T) {
	m := NewSequential()
	if err := smallModel(m); err != nil {
		t.Fatal(err)
	}
	text, err := m.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	torch := strings.Replace(text, `"module": "keras.optimizers", "class_name": "Adam"`, `"module": "keras.src.backend.torch.optimizers.torch_adam", "class_name": "Adam"`, 1)
	torch = strings.Replace(torch, `"registered_name": null}, "loss"`, `"registered_name": "Adam"}, "loss"`, 1)
	if torch == text || !strings.Contains(torch, `"registered_name": "Adam"`) {
		t.Fatal(text)
	}
	again, err := FromJSON(torch)
	if err != nil {
		t.Fatal(err)
	}
	if got := className(again.compiled.optimizer); got != "Adam" {
		t.Error(got)
	}
}

// As in Keras 3 the model's mode wins over the training=False that a file gives a call, as
// every file with Dropout does; the argument outlives a round trip.
func TestCalls(t *testing.T) {
	text := `{"class_name": "Functional", "config": {"name": "f", "layers": [
		{"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "in"}, "name": "in", "inbound_nodes": []},
		{"class_name": "BatchNormalization", "config": {"name": "norm"}, "name": "norm", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32", "keras_history": ["in", 0, 0]}}], "kwargs": {"training": false}}]},
		{"class_name": "Dropout", "config": {"rate": 1.0, "name": "drop"}, "name": "drop", "inbound_nodes": [[["norm", 0, 0, {"training": false}]]]},
		{"class_name": "Dense", "config": {"units": 1, "name": "out"}, "name": "out", "inbound_nodes": [[["drop", 0, 0, {}]]]}],
		"input_layers": [["in", 0, 0]], "output_layers": [["out", 0, 0]]}}`
	m, err := FromJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := CloneModel(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*Model{m, again} {
		json, err := m.ToJSON()
		if err != nil || strings.Count(json, `"training": false`) != 2 {
			t.Errorf("%v %s", err, json)
		}
		if err := m.Compile(Compile{Loss: "mse"}); err != nil {
			t.Fatal(err)
		}
		x, y := tensor.From([]float32{1, 2, 3, 4, 5, 6, 7, 8}, 2, 4), tensor.From([]float32{1, 1}, 2, 1)
		loss, err := m.TrainOnBatch(x, y)
		if err != nil {
			t.Fatal(err)
		}
		if loss[0] != 1 {
			t.Errorf("loss %v; with everything dropped it is 1", loss)
		}
		norm, err := m.GetLayer("norm")
		if err != nil {
			t.Fatal(err)
		}
		if mean := norm.GetWeights()[2].Float32s(); mean[0] == 0 {
			t.Error("the moving mean has not moved")
		}
	}
}
