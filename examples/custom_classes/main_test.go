package main

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/examples/custom_classes/shop"
	"github.com/kerasgo/kerasgo/kerasgo"
)

// trace is what shop.py says of a training run.
type trace struct {
	History  map[string][]float64 `json:"history"`
	Predict  []float64            `json:"predict"`
	Evaluate []float64            `json:"evaluate"`
	Wave     []float64            `json:"wave"`
}

func read(t *testing.T, path string) (r trace) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fixed gives the weights the values that shop.py gives them.
func fixed(t *testing.T, m *keras.Model) {
	t.Helper()
	for k, v := range m.Weights() {
		w := v.Value()
		for i := range w.Float32s() {
			w.Float32s()[i] = float32(0.3 * math.Cos(float64(i+k)))
		}
		if err := v.Assign(w); err != nil {
			t.Fatal(err)
		}
	}
}

// trained trains as shop.py does.
func trained(t *testing.T, m *keras.Model) (r trace) {
	t.Helper()
	x, y := data(64)
	h, err := m.Fit(x, y, keras.Fit{BatchSize: 16, Epochs: 30, Shuffle: false, Verbose: keras.Silent, Callbacks: []any{&shop.GoodEnough{Below: 0.25}}})
	if err != nil {
		t.Fatal(err)
	}
	r.History = h.History
	r.Predict = floats(keras.Must(m.Predict(x.Slice(0, 8), keras.Predict{Verbose: keras.Silent})))
	r.Evaluate = keras.Must(m.Evaluate(x, y, keras.Evaluate{BatchSize: 16, Verbose: keras.Silent}))
	return r
}

func floats(t *tensor.Tensor) []float64 {
	out := make([]float64, t.Size())
	for i := range out {
		out[i] = t.Float64At(i)
	}
	return out
}

func (r trace) compare(t *testing.T, want trace) {
	t.Helper()
	near(t, "predict", r.Predict, want.Predict)
	near(t, "evaluate", r.Evaluate, want.Evaluate)
	for k := range want.History {
		near(t, k, r.History[k], want.History[k])
	}
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	ok := len(got) == len(want)
	for i := range got {
		ok = ok && math.Abs(got[i]-want[i]) <= 1e-5*max(1, math.Abs(want[i]))
	}
	if !ok {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Every class computes what its counterpart in shop.py does.
func TestTraining(t *testing.T) {
	want := read(t, "testdata/trace.json")
	m := network()
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	kernel := m.Weights()[len(m.Weights())-2]
	near(t, "starting kernel", floats(kernel.Value()), want.Wave)
	fixed(t, m)
	got := trained(t, m)
	got.compare(t, want)
	if n := len(got.History["loss"]); n < 2 || n > 29 {
		t.Errorf("GoodEnough ended training after %d epochs", n)
	}
	file := filepath.Join(t.TempDir(), "m.keras")
	if err := m.Save(file); err != nil {
		t.Fatal(err)
	}
	loaded, err := keras.LoadModel(file)
	if err != nil {
		t.Fatal(err)
	}
	again, more := trained(t, m), trained(t, loaded)
	more.compare(t, again)
}

// Files with the classes go to Keras and come from there, and training goes on.
func TestExchange(t *testing.T) {
	python := os.Getenv("KERASGO_PYTHON")
	if python == "" {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	dir := t.TempDir()
	run := func(what string) {
		t.Helper()
		cmd := exec.Command(python, "-B", "shop.py", what, dir)
		cmd.Env = append(os.Environ(), "KERAS_BACKEND=tensorflow", "TF_CPP_MIN_LOG_LEVEL=3", "CUDA_VISIBLE_DEVICES=-1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	run("write")
	theirs, err := keras.LoadModel(filepath.Join(dir, "model.keras"))
	if err != nil {
		t.Fatal(err)
	}
	trained(t, theirs).compare(t, read(t, filepath.Join(dir, "model.json")))
	ours := network()
	if err := ours.Build(); err != nil {
		t.Fatal(err)
	}
	fixed(t, ours)
	trained(t, ours)
	if err := ours.Save(filepath.Join(dir, "go.keras")); err != nil {
		t.Fatal(err)
	}
	run("read")
	trained(t, ours).compare(t, read(t, filepath.Join(dir, "go.json")))
}
