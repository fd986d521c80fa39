package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ReversibleEmbedding replaces integers by rows of a learned table or, called with
// the option reverse, turns such rows into a score for each integer: the two ends of a
// language model with one table (Press and Wolf, 2016).
//
// Input (…) of whole numbers in [0, InputDim), output (…, OutputDim); in reverse input
// (…, OutputDim), output (…, InputDim): the product with the table, turned round, and
// with LogitSoftCap c·tanh(product/c). Weights: embeddings (InputDim, OutputDim) and,
// with TieWeights false, reverse_embeddings (OutputDim, InputDim).
type ReversibleEmbedding struct {
	InputDim              int      `keras:"input_dim,pos,required,min=1"`                            // number of rows
	OutputDim             int      `keras:"output_dim,required,min=1"`                               // length of a row
	TieWeights            *bool    `keras:"tie_weights,default=true"`                                // whether both directions share the table
	EmbeddingsInitializer any      `keras:"embeddings_initializer,kind=initializer,default=uniform"` // starting value of the tables
	EmbeddingsRegularizer any      `keras:"embeddings_regularizer,kind=regularizer"`                 // penalty on the table
	ActivityRegularizer   any      `keras:"activity_regularizer,kind=regularizer"`                   // penalty on the output
	EmbeddingsConstraint  any      `keras:"embeddings_constraint,kind=constraint"`                   // applied to the table after each step
	MaskZero              bool     `keras:"mask_zero"`                                               // whether 0 is masked
	ReverseDType          string   `keras:"reverse_dtype,enum=float32|float64|bfloat16|float16"`     // type of the reverse product; none means the layer's
	LogitSoftCap          *float64 `keras:"logit_soft_cap"`                                          // see above; nil means no cap
	Name                  string   `keras:"name"`
	Trainable             *bool    `keras:"trainable,default=true"`
	DType                 string   `keras:"dtype"`
	InputShape            []int    `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[ReversibleEmbedding](module, spec.Ignored("weights", "lora_rank", "lora_alpha", "quantization_config"))
}

// Options says that the layer may be called with reverse.
func (ReversibleEmbedding) Options() []string { return []string{"reverse"} }

// Build declares the tables.
func (d ReversibleEmbedding) Build(b *Builder, in ...tensor.Shape) {
	if _, ok := b.input(in, d.DType); !ok {
		return
	}
	b.Weight("embeddings", tensor.Shape{d.InputDim, d.OutputDim}, d.EmbeddingsInitializer, WeightOptions{d.EmbeddingsRegularizer, d.EmbeddingsConstraint})
	if !*d.TieWeights {
		b.Weight("reverse_embeddings", tensor.Shape{d.OutputDim, d.InputDim}, d.EmbeddingsInitializer, WeightOptions{})
	}
}

// Call looks the rows up, or computes the scores.
func (d ReversibleEmbedding) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if !c.Option("reverse") {
		return ops.Gather(c.Weight("embeddings"), ops.Cast(x, tensor.Int32))
	}
	if x.Shape().Last() != d.OutputDim {
		c.Errorf("reverse wants rows of length %d, got %v", d.OutputDim, shown(x.Shape()))
		return x
	}
	var table graph.Value
	if *d.TieWeights {
		table = ops.Transpose(c.Weight("embeddings"), 1, 0)
	} else {
		table = c.Weight("reverse_embeddings")
	}
	if d.ReverseDType != "" {
		x, table = CastFloat(x, d.ReverseDType), CastFloat(table, d.ReverseDType)
	}
	y := ops.MatMul(x, table)
	if d.ReverseDType != "" {
		y = CastFloat(y, d.ReverseDType)
	}
	if d.LogitSoftCap != nil {
		y = ops.MulScalar(ops.Tanh(ops.DivScalar(y, *d.LogitSoftCap)), *d.LogitSoftCap)
	}
	return y
}

// Mask is where the integers are not 0, when MaskZero is set.
func (d ReversibleEmbedding) Mask(c *Context, in ...graph.Value) graph.Value {
	if !d.MaskZero || c.Option("reverse") {
		return graph.Value{}
	}
	ids := ops.Cast(in[0], tensor.Int32)
	return ops.NotEqual(ids, ops.Scalar(ids, 0))
}

var (
	_ Layer       = ReversibleEmbedding{}
	_ Masker      = ReversibleEmbedding{}
	_ OptionTaker = ReversibleEmbedding{}
)
