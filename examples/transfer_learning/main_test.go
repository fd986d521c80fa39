package main

import (
	"testing"

	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// A new head on a frozen network leaves the network as it is; tuned, the whole learns.
func TestTransfer(t *testing.T) {
	keras.SetRandomSeed(1)
	base := keras.Must(network(""))
	keras.Must(fit(classifier(base), 0, 2000, 2, 1e-3))
	base.SetTrainable(false)
	before := base.GetWeights()
	model := classifier(base)
	keras.Must(fit(model, 5, 500, 3, 1e-3))
	for i, w := range base.GetWeights() {
		for k := range w.Size() {
			if w.Float64At(k) != before[i].Float64At(k) {
				t.Fatalf("weight %s of the frozen network has changed", base.Weights()[i].Path())
			}
		}
	}
	base.SetTrainable(true)
	h := keras.Must(fit(model, 5, 1000, 5, 1e-3))
	if learned := h.History["accuracy"]; learned[4] < 0.4 { // 0.2 without learning
		t.Errorf("accuracy %v", learned)
	}
}
