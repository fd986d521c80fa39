package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// transformer is one block of an encoder (Vaswani et al., 2017) on vectors.
var transformer = Workload{
	Name: "transformer", Title: "transformer block, 128 steps of 128, 4 heads", Batch: 32, Batches: 32,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) {
		in := keras.Input(128, 128)
		a := keras.Apply(layers.MultiHeadAttention{NumHeads: 4, KeyDim: 32}, in, in)
		x := keras.Apply(layers.LayerNormalization{}, keras.Apply(layers.Add{}, in, a))
		f := keras.Apply(layers.Dense{Units: 512, Activation: "relu"}, x)
		f = keras.Apply(layers.Dense{Units: 128}, f)
		x = keras.Apply(layers.LayerNormalization{}, keras.Apply(layers.Add{}, x, f))
		x = keras.Apply(layers.GlobalAveragePooling1D{}, x)
		x = keras.Apply(layers.Dense{Units: 10, Activation: "softmax"}, x)
		return built(keras.NewModel(in, x))
	},
	Data: blobs(128, 128),
}
