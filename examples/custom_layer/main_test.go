package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/examples/custom_layer/highway"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Two epochs on 2,000 images must beat guessing by far.
func TestTrain(t *testing.T) {
	keras.SetRandomSeed(1)
	accuracy, err := train(2000)
	if err != nil {
		t.Fatal(err)
	}
	if accuracy < 0.6 {
		t.Errorf("accuracy %v", accuracy)
	}
}

// The spec is valid, and it runs; here for four steps.
func TestSpec(t *testing.T) {
	text, err := os.ReadFile("digits.yaml")
	if err != nil {
		t.Fatal(err)
	}
	e, errs := experiment.Parse("digits.yaml", text, []experiment.Override{
		{Option: "set", Text: "fit.steps_per_epoch=4"}, {Option: "set", Text: "fit.epochs=1"},
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var results bytes.Buffer
	if _, err := e.Run(context.Background(), experiment.Options{NoSave: true, Results: &results}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.ToLower(results.String()), "accuracy") {
		t.Errorf("results %q", results.String())
	}
}

// Mistakes in the spec are located as for layers of the library.
func TestMistake(t *testing.T) {
	n, errs := spec.Parse("x.yaml", []byte("Highway: {gate_bais: -1}"))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	_, errs = spec.Decode(n, "layer")
	want := `x.yaml:1:11: Highway has no argument "gate_bais" (did you mean "gate_bias"?`
	if !strings.HasPrefix(errs.Error(), want) {
		t.Errorf("got %q, want %q…", errs.Error(), want)
	}
}

// A saved model is the same model.
func TestSaved(t *testing.T) {
	model := keras.NewSequential(layers.Dense{Units: 6, InputShape: []int{3}}, highway.Highway{GateBias: new(0.5)})
	if err := model.Err(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "highway.keras")
	if err := model.Save(file); err != nil {
		t.Fatal(err)
	}
	loaded, err := keras.LoadModel(file)
	if err != nil {
		t.Fatal(err)
	}
	a, b := model.GetWeights(), loaded.GetWeights()
	if len(a) != 6 || len(b) != 6 {
		t.Fatalf("%d and %d weights, want 6", len(a), len(b))
	}
	for i := range a {
		for k, v := range a[i].Float32s() {
			if b[i].Float32s()[k] != v {
				t.Fatalf("weight %d differs", i)
			}
		}
	}
	if got := b[5].Float32s()[0]; got != 0.5 {
		t.Errorf("gate_bias starts at %v, want 0.5", got)
	}
}
