package keras

import (
	"testing"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Every optimizer trains variables of two types side by side, as it trains those of one.
func TestOptimizersMixedTypes(t *testing.T) {
	x, y := policyData()
	train := func(t *testing.T, optimizer, dtype string) (losses []float64) {
		m := NewSequential(
			layers.Flatten{InputShape: []int{6, 2}},
			layers.Dense{Units: 4, Activation: "tanh", DType: dtype},
			layers.Dense{Units: 2, Activation: "softmax"},
		)
		m.SetSeed(5)
		if err := m.Compile(Compile{Optimizer: optimizer, Loss: "sparse_categorical_crossentropy"}); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			v, err := m.TrainOnBatch(x, y)
			if err != nil {
				t.Fatal(err)
			}
			losses = append(losses, v[0])
		}
		return losses
	}
	for _, name := range spec.Names("optimizer") {
		switch name {
		case "lossscaleoptimizer", "multioptimizer", "optimizermap":
			continue // those train with others
		}
		t.Run(name, func(t *testing.T) {
			want := train(t, name, "float32")
			for i, got := range train(t, name, "float64") {
				if relative(got, want[i]) > 1e-4 {
					t.Errorf("loss of step %d is %v with a layer in float64, %v without", i, got, want[i])
				}
			}
			if want[3] == want[0] {
				t.Errorf("nothing is learnt: %v", want)
			}
		})
	}
}
