package keras_test

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TransformerBlock is what Python writes as a class derived from keras.Layer.
type TransformerBlock struct {
	EmbedDim int `keras:"embed_dim,required"`
	NumHeads int `keras:"num_heads,required"`
	FFDim    int `keras:"ff_dim,required"`

	Att          *keras.Layer
	FFN          *keras.Model
	Norm1, Norm2 *keras.Layer
}

// Init makes the layers, as __init__ does.
func (t *TransformerBlock) Init() {
	t.Att = keras.Share(layers.MultiHeadAttention{NumHeads: t.NumHeads, KeyDim: t.EmbedDim})
	t.FFN = keras.NewSequential(layers.Dense{Units: t.FFDim, Activation: "relu"}, layers.Dense{Units: t.EmbedDim})
	t.Norm1 = keras.Share(layers.LayerNormalization{Epsilon: new(1e-6)})
	t.Norm2 = keras.Share(layers.LayerNormalization{Epsilon: new(1e-6)})
}

// Call computes the block for a batch of sequences.
func (t *TransformerBlock) Call(c *keras.Context, in ...graph.Value) graph.Value {
	x := in[0]
	x = c.Call(t.Norm1, ops.Add(x, c.Call(t.Att, x, x)))
	return c.Call(t.Norm2, ops.Add(x, c.Call(t.FFN, x)))
}

// A layer that calls layers is a struct whose pointer stands where a layer can.
func ExampleApply_layerOfLayers() {
	words := keras.Input(20)
	x := keras.Apply(layers.Embedding{InputDim: 1000, OutputDim: 32}, words)
	x = keras.Apply(&TransformerBlock{EmbedDim: 32, NumHeads: 2, FFDim: 64}, x)
	x = keras.Apply(layers.GlobalAveragePooling1D{}, x)
	model := keras.NewModel(words, keras.Apply(layers.Dense{Units: 2, Activation: "softmax"}, x))
	keras.Check(model.Build())
	fmt.Println(model.OutputShapes(), model.CountParams())
	// Output: [(None, 2)] 44802
}
