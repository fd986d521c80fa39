package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// text classifies padded sentences of up to 80 words.
var text = Workload{
	Name: "text", Title: "text: Embedding 20,000×64, Bidirectional GRU 64, masks, 80 steps", Batch: 64, Batches: 60,
	Loss: "binary_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) {
		in := keras.InputWith(layers.InputLayer{Shape: []int{80}, DType: "int32"})
		x := keras.Apply(layers.Embedding{InputDim: 20000, OutputDim: 64, MaskZero: true}, in)
		x = keras.Apply(layers.Bidirectional{Layer: layers.GRU{Units: 64}}, x)
		x = keras.Apply(layers.Dense{Units: 1, Activation: "sigmoid"}, x)
		return built(keras.NewModel(in, x))
	},
	Data: sentences(20000, 80),
}
