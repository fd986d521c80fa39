package workloads

import (
	"errors"
	"fmt"

	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// transformer is one block of an encoder (Vaswani et al., 2017) on vectors.
var transformer = Workload{
	Name: "transformer", Title: "transformer block, 128 steps of 128, 4 heads", Batch: 32, Batches: 32,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: encoder,
	Data:  blobs(128, 128),
}

func encoder() (*keras.Model, error) {
	attention, err := attentionLayer(4, 32)
	if err != nil {
		return nil, err
	}
	in := keras.Input(128, 128)
	a := keras.Apply(attention, in, in)
	x := keras.Apply(layers.LayerNormalization{}, keras.Apply(layers.Add{}, in, a))
	f := keras.Apply(layers.Dense{Units: 512, Activation: "relu"}, x)
	f = keras.Apply(layers.Dense{Units: 128}, f)
	x = keras.Apply(layers.LayerNormalization{}, keras.Apply(layers.Add{}, x, f))
	x = keras.Apply(layers.GlobalAveragePooling1D{}, x)
	x = keras.Apply(layers.Dense{Units: 10, Activation: "softmax"}, x)
	return built(keras.NewModel(in, x))
}

// attentionLayer returns MultiHeadAttention by name, as the layer may not be registered yet.
func attentionLayer(heads, keyDim int) (any, error) {
	if _, ok := spec.Lookup("layer", "MultiHeadAttention"); !ok {
		return nil, errors.New("there is no layer MultiHeadAttention")
	}
	node, errs := spec.Parse("", fmt.Appendf(nil, "MultiHeadAttention: {num_heads: %d, key_dim: %d}", heads, keyDim))
	if len(errs) > 0 {
		return nil, errs
	}
	layer, errs := spec.Decode(node, "layer")
	if len(errs) > 0 {
		return nil, errs
	}
	return layer, nil
}
