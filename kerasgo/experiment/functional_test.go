package experiment

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
)

// TestFunctional trains a pasted model with two inputs and two outputs on arrays by
// name.
func TestFunctional(t *testing.T) {
	model, err := os.ReadFile("testdata/keras/functional.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	a, b, price, kind := tensor.New(tensor.Float32, 20, 8), tensor.New(tensor.Float32, 20, 4), tensor.New(tensor.Float64, 20, 1), tensor.New(tensor.Uint8, 20)
	for i := range 20 {
		for k := range 8 {
			a.SetFloat64At(8*i+k, float64((i*k)%5)/5)
		}
		b.SetFloat64At(4*i, float64(i%3))
		price.SetFloat64At(i, float64(i)/20)
		kind.SetFloat64At(i, float64(i%3))
	}
	for name, x := range map[string]*tensor.Tensor{"a": a, "b": b, "price": price, "kind": kind} {
		if err := npy.WriteFile(filepath.Join(dir, name+".npy"), x); err != nil {
			t.Fatal(err)
		}
	}
	text := `seed: 1
data:
  Arrays: {x: {b: b.npy, a: a.npy}, y: {price: price.npy, kind: kind.npy}}
compile:
  loss: {price: mse, kind: sparse_categorical_crossentropy}
  loss_weights: {price: 0.5, kind: 2}
  metrics: {kind: [accuracy]}
  optimizer: {SGD: 0.1}
fit: {epochs: 3, batch_size: 6, validation_split: 0.25}
evaluate: {data: train}
model: ` + string(model)
	e, errs := Parse(filepath.Join(dir, "two.yaml"), []byte(text), nil)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	r, err := e.Run(t.Context(), Options{NoSave: true})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"kind_accuracy", "kind_loss", "loss", "price_loss", "val_kind_accuracy", "val_kind_loss", "val_loss", "val_price_loss"}
	if diff := cmp.Diff(want, r.History.Keys()); diff != "" {
		t.Error(diff)
	}
	if l := r.History.History["loss"]; !(l[2] < l[0]) {
		t.Errorf("the loss does not fall: %v", l)
	}
	if len(r.Scores) != 4 || r.Scores[0].Name != "loss" {
		t.Errorf("scores: %v", r.Scores)
	}
}
