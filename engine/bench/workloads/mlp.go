package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// mlp is 784-512-512-10 on handwritten digits.
var mlp = Workload{
	Name: "mlp", Title: "MLP 784-512-512-10", Batch: 128, Batches: 120,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) { return MLP(512, 2) },
	Data:  digits(784),
}

// MLP returns a classifier of 784 inputs with hidden layers of the given width.
func MLP(width, depth int) (*keras.Model, error) {
	m := keras.NewSequential()
	for i := range depth {
		d := layers.Dense{Units: width, Activation: "relu"}
		if i == 0 {
			d.InputShape = []int{784}
		}
		m.Add(d)
	}
	m.Add(layers.Dense{Units: 10, Activation: "softmax"})
	return built(m)
}
