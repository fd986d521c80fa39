package oracle_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

type multiCase struct {
	Optimizer json.RawMessage
	X, Y      *recording
	Start     []*recording
	Epochs    []struct{ Weights, Opt []*recording }
}

// TestMultiOptimizer holds the weights of whole runs of Fit against Keras's; between
// the epochs the model goes through a file.
func TestMultiOptimizer(t *testing.T) {
	all := newTally()
	for i, c := range loadCases[multiCase](t, "optimizers_multi") {
		all.count["MultiOptimizer"]++
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			m := keras.NewSequential()
			m.Named("net")
			m.Add(layers.Dense{Units: 4, Name: "enc", InputShape: []int{3}})
			m.Add(layers.Dense{Units: 1, Name: "dec"})
			if err := m.Compile(keras.Compile{Loss: "mse", Optimizer: decodeObject(t, "optimizer", c.Optimizer)}); err != nil {
				t.Fatal(err)
			}
			if err := m.Build(); err != nil {
				t.Fatal(err)
			}
			var start []*tensor.Tensor
			for _, r := range c.Start {
				start = append(start, r.tensor())
			}
			if err := m.SetWeights(start); err != nil {
				t.Fatal(err)
			}
			for e, want := range c.Epochs {
				if _, err := m.Fit(c.X.tensor(), c.Y.tensor(), keras.Fit{BatchSize: 4, Shuffle: false, Verbose: keras.Silent}); err != nil {
					t.Fatal(err)
				}
				for k, w := range m.GetWeights() {
					all.compare(t, fmt.Sprintf("weight %d after epoch %d", k, e), w, want.Weights[k], 1e-5)
				}
				file := filepath.Join(t.TempDir(), "m.keras")
				if err := m.Save(file); err != nil {
					t.Fatal(err)
				}
				var err error
				if m, err = keras.LoadModel(file); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	all.report(t)
}
