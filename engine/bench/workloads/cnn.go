package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// cnn is the classic notebook on handwritten digits, examples/mnist_cnn.yaml.
var cnn = Workload{
	Name: "cnn", Title: "notebook CNN", Batch: 128, Batches: 120,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) { return notebook("") },
	Data:  digits(28, 28, 1),
}

// cnnBF16 computes in bfloat16 what mixed precision computes in it.
var cnnBF16 = Workload{
	Name: "cnn-bf16", Title: "notebook CNN, mixed_bfloat16", Batch: 128, Batches: 120,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) { return notebook("mixed_bfloat16") },
	Data:  digits(28, 28, 1),
}

func notebook(dtype string) (*keras.Model, error) {
	return built(keras.NewSequential(
		layers.Conv2D{Filters: 32, KernelSize: [2]int{5, 5}, InputShape: []int{28, 28, 1}, DType: dtype},
		layers.Activation{Activation: "relu", DType: dtype},
		layers.MaxPooling2D{PoolSize: [2]int{2, 2}, DType: dtype},
		layers.Conv2D{Filters: 64, KernelSize: [2]int{5, 5}, DType: dtype},
		layers.Activation{Activation: "relu", DType: dtype},
		layers.MaxPooling2D{PoolSize: [2]int{2, 2}, DType: dtype},
		layers.Flatten{DType: dtype},
		layers.Dense{Units: 128, DType: dtype},
		layers.Activation{Activation: "relu", DType: dtype},
		layers.Dropout{Rate: 0.5, DType: dtype},
		layers.Dense{Units: 10, DType: dtype},
		layers.Activation{Activation: "softmax"}, // in float32, as Keras's guide to mixed precision wants the last one
	))
}
