package keras_test

import (
	"fmt"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// A block of a transformer's decoder: attention with a causal mask, whose scores
// are an output too.
func ExampleApplyWith() {
	x := keras.Input(16, 32)
	attention := layers.MultiHeadAttention{NumHeads: 4, KeyDim: 8}
	out := keras.ApplyWith(attention, keras.Kwargs{"use_causal_mask": true, "return_attention_scores": true}, x, x)
	y := keras.Apply(layers.LayerNormalization{}, keras.Apply(layers.Add{}, x, out[0]))
	y = keras.Apply(layers.Dense{Units: 10, Activation: "softmax"}, keras.Apply(layers.GlobalAveragePooling1D{}, y))
	model := keras.NewModel(x, keras.List(y, out[1]))
	keras.Check(model.Build())
	fmt.Println(y.Shape(), out[1].Shape(), model.CountParams())
	// Output: (None, 10) (None, 4, 16, 16) 4618
}
