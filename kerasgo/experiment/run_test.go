package experiment

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// tinySpec trains on what tinyData writes.
const tinySpec = `kerasgo: 1
name: tiny
seed: 7
data:
  Arrays: {x: x.npy, y: y.npy, test: {x: x.npy, y: y.npy}}
model:
  Sequential:
    - Dense: {units: 8, activation: relu, input_shape: [4]}
    - Dropout: 0.25
    - Dense: {units: 3, activation: softmax}
compile: {loss: sparse_categorical_crossentropy, optimizer: {Adam: 1e-2}, metrics: [accuracy]}
fit: {epochs: 3, batch_size: 5, validation_split: 0.2, callbacks: [{ModelCheckpoint: best.keras}]}
evaluate: {}
save: {model: out/tiny.keras, weights: tiny.weights.h5, history: h.json}
`

// tinyData makes 32 samples of three classes.
func tinyData() (x, y *tensor.Tensor) {
	x, y = tensor.New(tensor.Float32, 32, 4), tensor.New(tensor.Int32, 32)
	for i := range 32 {
		y.Int32s()[i] = int32(i % 3)
		for k := range 4 {
			x.Float32s()[4*i+k] = float32((i*7+k*3)%11)/11 + float32(i%3*k)
		}
	}
	return x, y
}

// tiny writes the data and the spec to a folder and parses it.
func tiny(t *testing.T, text string, overrides ...Override) *Experiment {
	t.Helper()
	dir := t.TempDir()
	x, y := tinyData()
	for name, a := range map[string]*tensor.Tensor{"x.npy": x, "y.npy": y} {
		if err := npy.WriteFile(filepath.Join(dir, name), a); err != nil {
			t.Fatal(err)
		}
	}
	overrides = append(overrides, Override{Option: "--run-dir", Text: "run.dir=" + filepath.Join(dir, "runs")})
	e, errs := Parse(filepath.Join(dir, "tiny.yaml"), []byte(text), overrides)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRun(t *testing.T) {
	e := tiny(t, tinySpec)
	var progress, results bytes.Buffer
	r, err := e.Run(t.Context(), Options{Progress: &progress, Results: &results, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(r.Dir) != "1" {
		t.Errorf("the first run is in %s", r.Dir)
	}
	for _, f := range []string{"spec.yaml", "resolved.yaml", "history.csv", "history.json", "h.json", "best.keras", "out/tiny.keras", "tiny.weights.h5",
		"log.txt", "env.json", "curves.svg", "../latest"} {
		if info, err := os.Stat(filepath.Join(r.Dir, f)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, or empty", f, err)
		}
	}
	if strings.ContainsAny(progress.String(), "\b\r\x1b") {
		t.Errorf("control characters in what is no terminal: %q", progress.String())
	}
	if !strings.HasPrefix(results.String(), "Test loss: ") || !strings.Contains(results.String(), "\nTest accuracy: ") {
		t.Errorf("results: %q", results.String())
	}
	var h map[string][]float64
	text, _ := os.ReadFile(filepath.Join(r.Dir, "history.json"))
	if err := json.Unmarshal(text, &h); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.History.History, h); diff != "" || len(h["val_accuracy"]) != 3 {
		t.Errorf("history.json differs from the history:\n%s", diff)
	}

	// What was saved computes the same, and the next run has the next number.
	x, _ := tinyData()
	saved, err := keras.LoadModel(filepath.Join(r.Dir, "out/tiny.keras"))
	if err != nil {
		t.Fatal(err)
	}
	want, err1 := r.Model.Predict(x, keras.Predict{Verbose: keras.Silent})
	got, err2 := saved.Predict(x, keras.Predict{Verbose: keras.Silent})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if diff := cmp.Diff(want.Float32s(), got.Float32s()); diff != "" {
		t.Errorf("the saved model differs:\n%s", diff)
	}
	again, err := e.Run(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if latest, err := Latest(filepath.Dir(r.Dir)); err != nil || latest != again.Dir || filepath.Base(latest) != "2" {
		t.Errorf("latest is %s, %v, after a run in %s", latest, err, again.Dir)
	}
	if diff := cmp.Diff(r.History.History, again.History.History); diff != "" {
		t.Errorf("two runs with one seed differ:\n%s", diff)
	}
}

// TestSameAsGo holds a description against the program that says the same.
func TestSameAsGo(t *testing.T) {
	r, err := tiny(t, tinySpec).Run(t.Context(), Options{NoSave: true})
	if err != nil {
		t.Fatal(err)
	}
	keras.SetRandomSeed(7)
	m := keras.NewSequential()
	m.Add(layers.Dense{Units: 8, Activation: "relu", InputShape: []int{4}})
	m.Add(layers.Dropout{Rate: 0.25})
	m.Add(layers.Dense{Units: 3, Activation: "softmax"})
	err = m.Compile(keras.Compile{Loss: "sparse_categorical_crossentropy", Optimizer: optimizers.Adam{LearningRate: 1e-2}, Metrics: []any{"accuracy"}})
	if err != nil {
		t.Fatal(err)
	}
	x, y := tinyData()
	h, err := m.Fit(x, y, keras.Fit{Epochs: 3, BatchSize: 5, ValidationSplit: 0.2, Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(h.History, r.History.History); diff != "" {
		t.Errorf("the description trains differently from the program (-Go +YAML):\n%s", diff)
	}
}

// TestInterrupt cancels a run and looks for what was saved.
func TestInterrupt(t *testing.T) {
	e := tiny(t, tinySpec, Override{Option: "--epochs", Text: "fit.epochs=100000"})
	ctx, cancel := context.WithCancel(t.Context())
	w := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("Epoch 3/")) {
			cancel()
		}
		return len(p), nil
	})
	r, err := e.Run(ctx, Options{Progress: w})
	if !errors.Is(err, ErrInterrupted) {
		t.Fatalf("got %v, want ErrInterrupted", err)
	}
	for _, f := range []string{"interrupted.keras", "history.json", "history.csv"} {
		if _, err := os.Stat(filepath.Join(r.Dir, f)); err != nil {
			t.Error(err)
		}
	}
	if n := len(r.History.Epoch); n < 2 || n > 4 {
		t.Errorf("%d epochs in the history", n)
	}
	if _, err := Latest(filepath.Dir(r.Dir)); err == nil {
		t.Error("latest points at a run that did not finish")
	}
}

// TestResume trains two epochs and then the third from where they ended.
func TestResume(t *testing.T) {
	e := tiny(t, tinySpec, Override{Option: "--epochs", Text: "fit.epochs=2"})
	first, err := e.Run(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Run(t.Context(), Options{Resume: first.Dir}); err == nil || !strings.Contains(err.Error(), "has trained 2 epochs already") {
		t.Errorf("a finished run is resumed: %v", err)
	}
	e.Fit.Epochs = 3
	var progress bytes.Buffer
	second, err := e.Run(t.Context(), Options{Resume: first.Dir, Progress: &progress})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(progress.String(), "Epoch 2/3") || !strings.Contains(progress.String(), "Epoch 3/3") {
		t.Errorf("progress: %s", &progress)
	}
	log, err := os.ReadFile(filepath.Join(second.Dir, "history.csv"))
	if lines := strings.Count(string(log), "\n"); err != nil || lines != 4 { // header and three epochs
		t.Errorf("history.csv has %d lines, %v:\n%s", lines, err, log)
	}
	h := second.History
	if diff := cmp.Diff([]int{0, 1, 2}, h.Epoch); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(first.History.History["loss"], h.History["loss"][:2]); diff != "" || len(h.History["val_loss"]) != 3 {
		t.Errorf("the earlier history: %s", diff)
	}
	if !(h.History["loss"][2] < h.History["loss"][0]) {
		t.Errorf("training started anew: %v", h.History["loss"])
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestResolved checks that a resolved description means the same and resolves to itself.
func TestResolved(t *testing.T) {
	for _, full := range []bool{false, true} {
		e := tiny(t, tinySpec)
		o, err := e.Resolved(full)
		if err != nil {
			t.Fatal(err)
		}
		text := spec.YAML(o)
		again, errs := Parse(e.File, text, nil)
		if errs = append(errs, again.Validate()...); len(errs) > 0 {
			t.Fatalf("full %v: %v\n%s", full, errs, text)
		}
		o2, err := again.Resolved(full)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(spec.YAML(o2))); diff != "" {
			t.Errorf("full %v:\n%s", full, diff)
		}
	}
}

func TestDataErrors(t *testing.T) {
	e := tiny(t, strings.Replace(tinySpec, "x.npy, y: y.npy,", "nowhere.npy, y: y.npy,", 1))
	_, err := e.Run(t.Context(), Options{})
	if err == nil || !strings.Contains(err.Error(), "tiny.yaml:5:15: Arrays: there is no ") || !strings.Contains(err.Error(), "nowhere.npy") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(e.Base, "runs")); err == nil {
		t.Error("a run folder was made though there was no data")
	}
}

// TestProfile: a profile of training, not of the evaluation, with its files.
func TestProfile(t *testing.T) {
	e := tiny(t, tinySpec)
	var out bytes.Buffer
	r, err := e.Run(context.Background(), Options{Results: &out, Profile: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Profile) == 0 || r.Profile[0].Mode != "train" && r.Profile[0].Mode != "test" {
		t.Errorf("profiles %+v", r.Profile)
	}
	text, err := os.ReadFile(filepath.Join(r.Dir, "profile.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), string(text)) || !strings.Contains(string(text), "training step, batch 5: 15 runs") {
		t.Errorf("profile.txt:\n%s\nprinted:\n%s", text, out.String())
	}
	trace, err := os.ReadFile(filepath.Join(r.Dir, "trace.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(trace) {
		t.Errorf("trace.json is no JSON: %.200s", trace)
	}
}
