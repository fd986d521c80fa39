package keras

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// withPolicy sets the global policy for one test.
func withPolicy(t *testing.T, name string) {
	t.Helper()
	before := DTypePolicy()
	if err := SetDTypePolicy(name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { SetDTypePolicy(before) })
}

// policyModel has a wrapped layer, a normalization and a last layer of its own type.
// TensorFlow can make no orthogonal matrix in bfloat16.
func policyModel() *Model {
	m := NewSequential(
		layers.Conv1D{Filters: 3, KernelSize: 2, Activation: "relu", InputShape: []int{6, 2}},
		layers.BatchNormalization{},
		layers.Bidirectional{Layer: layers.GRU{Units: 3, RecurrentInitializer: "glorot_uniform"}},
		layers.Dense{Units: 2, Activation: "softmax", DType: "float32"},
	)
	m.SetSeed(3)
	return m
}

func policyData() (x, y *tensor.Tensor) {
	x, y = tensor.New(tensor.Float32, 16, 6, 2), tensor.New(tensor.Int32, 16)
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(i*i%17)/8 - 1
	}
	for i := range y.Int32s() {
		y.Int32s()[i] = int32(i % 2)
	}
	return x, y
}

// The short form keeps the policy of a Sequential: Compile scales losses by it.
func TestPolicyYAML(t *testing.T) {
	for _, policy := range layers.Policies {
		t.Run(policy, func(t *testing.T) {
			var m *Model
			t.Run("made", func(t *testing.T) {
				withPolicy(t, policy)
				m = policyModel()
			})
			sameInYAML(t, m)
		})
	}
}

// Every policy trains, shows in the configuration and the summary, and comes back
// from each kind of file with the same weights, outputs and further steps.
func TestPolicyFiles(t *testing.T) {
	x, y := policyData()
	for _, policy := range layers.Policies {
		t.Run(policy, func(t *testing.T) {
			withPolicy(t, policy)
			m := policyModel()
			if err := m.Compile(Compile{Optimizer: "adam", Loss: "sparse_categorical_crossentropy"}); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if _, err := m.TrainOnBatch(x, y); err != nil {
					t.Fatal(err)
				}
			}
			text, err := m.ToJSON()
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(text, `"dtype": "`+policy+`"`); policy != "float32" && n != 6 { // the model, three layers, two inside Bidirectional
				t.Errorf("%d dtypes %s in %s", n, policy, text)
			}
			var table strings.Builder
			if err := m.SummaryWith(SummaryOptions{Out: &table}); err != nil {
				t.Fatal(err)
			}
			if want := "Dtype policy: " + policy + " (dense: float32)"; strings.Contains(table.String(), want) == (policy == "float32") {
				t.Errorf("the summary does not say %q, or it should not:\n%s", want, &table)
			}
			SetDTypePolicy("float32") // files say all there is to say
			for _, name := range []string{"m.keras", "m.h5"} {
				path := filepath.Join(t.TempDir(), name)
				if err := m.Save(path); err != nil {
					t.Fatal(err)
				}
				back, err := LoadModelWith(path, LoadOptions{Warn: func(msg string) { t.Error(msg) }})
				if err != nil {
					t.Fatal(err)
				}
				sameModel(t, m, back, x, y)
			}
		})
	}
}

func sameModel(t *testing.T, a, b *Model, x, y *tensor.Tensor) {
	t.Helper()
	p, err := a.PredictOnBatch(x)
	if err != nil {
		t.Fatal(err)
	}
	q, err := b.PredictOnBatch(x)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Size() {
		if p.Float64At(i) != q.Float64At(i) {
			t.Fatalf("output %d is %v, it was %v", i, q.Float64At(i), p.Float64At(i))
		}
	}
	for i, v := range a.Layers() {
		if w := b.Layers()[i]; v.DTypePolicy() != w.DTypePolicy() {
			t.Errorf("%s has policy %s, it had %s", w.Name(), w.DTypePolicy(), v.DTypePolicy())
		}
	}
	was, now := a.optimizerState(), b.optimizerState()
	if len(was) != len(now) {
		t.Fatalf("%d optimizer variables, there were %d", len(now), len(was))
	}
	for i := range was {
		for k := range was[i].t.Size() {
			if was[i].t.Float64At(k) != now[i].t.Float64At(k) {
				t.Fatalf("%s[%d] is %v, it was %v", was[i].name, k, now[i].t.Float64At(k), was[i].t.Float64At(k))
			}
		}
	}
}

// What a wrapper holds computes as the wrapper does; two policies are refused.
func TestPolicyOfWrapped(t *testing.T) {
	m := NewSequential(layers.Bidirectional{Layer: layers.LSTM{Units: 2, DType: "mixed_bfloat16"}, InputShape: []int{3, 2}})
	if err := m.Err(); err == nil || !strings.Contains(err.Error(), `the layer inside has "mixed_bfloat16", the layer around it "float32"`) {
		t.Errorf("error %v", err)
	}
	if err := SetDTypePolicy("int8"); err == nil || !strings.Contains(err.Error(), "mixed_bfloat16") {
		t.Errorf("error %v", err)
	}
}

// Keras loads what is written under each policy, with the policies and outputs.
func TestPolicyFilesInKeras(t *testing.T) {
	const script = `
import sys, json, numpy as np, keras
m = keras.models.load_model(sys.argv[1])
x = np.array(json.loads(sys.argv[2]), "float32").reshape(16, 6, 2)
want = np.array(json.loads(sys.argv[3]), "float64")
got = np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(m(x, training=False), "float64"))).ravel()
assert [l.dtype_policy.name for l in m.layers] == [sys.argv[4]] * 3 + ["float32"], [l.dtype_policy.name for l in m.layers]
assert np.abs(got - want).max() < float(sys.argv[5]), np.abs(got - want).max()
`
	x, y := policyData()
	for name, py := range pythons(t) {
		for policy, tol := range map[string]string{"float64": "1e-6", "mixed_bfloat16": "0.03", "mixed_float16": "0.005", "bfloat16": "0.03", "float16": "0.005"} {
			t.Run(name+"/"+policy, func(t *testing.T) {
				withPolicy(t, policy)
				m := policyModel()
				if err := m.Compile(Compile{Optimizer: "adam", Loss: "sparse_categorical_crossentropy"}); err != nil {
					t.Fatal(err)
				}
				if _, err := m.TrainOnBatch(x, y); err != nil {
					t.Fatal(err)
				}
				out, err := m.PredictOnBatch(x)
				if err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), "m.keras")
				if err := m.Save(path); err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(py, "-c", script, path, numbersOf(x), numbersOf(out), policy, tol)
				cmd.Env = append(cmd.Environ(), "KERAS_BACKEND=tensorflow", "TF_CPP_MIN_LOG_LEVEL=3", "CUDA_VISIBLE_DEVICES=-1")
				if text, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, text)
				}
			})
		}
	}
}

func numbersOf(x *tensor.Tensor) string {
	var list []string
	for i := range x.Size() {
		list = append(list, fmt.Sprint(x.Float64At(i)))
	}
	return "[" + strings.Join(list, ",") + "]"
}
