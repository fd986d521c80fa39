package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// lstm reads handwritten digits row by row.
var lstm = Workload{
	Name: "lstm", Title: "LSTM 128 on 28 rows of 28", Batch: 128, Batches: 60,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) {
		return built(keras.NewSequential(
			layers.LSTM{Units: 128, InputShape: []int{28, 28}},
			layers.Dense{Units: 10, Activation: "softmax"},
		))
	},
	Data: digits(28, 28),
}
