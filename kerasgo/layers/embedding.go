package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Embedding replaces integers by rows of a learned table.
//
// Input (…) of whole numbers in [0, InputDim), output (…, OutputDim). Weight
// embeddings (InputDim, OutputDim). With MaskZero, 0 means "nothing here" and the
// mask of the output is where the input is not 0.
type Embedding struct {
	InputDim              int    `keras:"input_dim,pos,required,min=1"`                            // number of rows
	OutputDim             int    `keras:"output_dim,required,min=1"`                               // length of a row
	EmbeddingsInitializer any    `keras:"embeddings_initializer,kind=initializer,default=uniform"` // starting value of the table
	EmbeddingsRegularizer any    `keras:"embeddings_regularizer,kind=regularizer"`                 // penalty on the table
	ActivityRegularizer   any    `keras:"activity_regularizer,kind=regularizer"`                   // penalty on the output
	EmbeddingsConstraint  any    `keras:"embeddings_constraint,kind=constraint"`                   // applied to the table after each step
	MaskZero              bool   `keras:"mask_zero"`                                               // whether 0 is masked
	InputLength           *int   `keras:"input_length,noconfig"`                                   // has no effect, as in Keras 3; Keras 2 wrote it
	Name                  string `keras:"name"`
	Trainable             *bool  `keras:"trainable,default=true"`
	DType                 string `keras:"dtype"`
	InputShape            []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[Embedding](module, spec.Ignored("weights", "lora_rank", "lora_alpha", "quantization_config"))
}

// Build declares the table.
func (d Embedding) Build(b *Builder, in ...tensor.Shape) {
	if _, ok := b.input(in, d.DType); ok {
		b.Weight("embeddings", tensor.Shape{d.InputDim, d.OutputDim}, d.EmbeddingsInitializer, WeightOptions{d.EmbeddingsRegularizer, d.EmbeddingsConstraint})
	}
}

// Call looks the rows up.
func (d Embedding) Call(c *Context, in ...graph.Value) graph.Value {
	return ops.Gather(c.Weight("embeddings"), ops.Cast(in[0], tensor.Int32))
}

// Mask is where the input is not 0, when MaskZero is set.
func (d Embedding) Mask(_ *Context, in ...graph.Value) graph.Value {
	if !d.MaskZero {
		return graph.Value{}
	}
	ids := ops.Cast(in[0], tensor.Int32)
	return ops.NotEqual(ids, ops.Scalar(ids, 0))
}

// FullPrecision says that the table is not cast to the compute type: the rows that were looked up are.
func (Embedding) FullPrecision() {}

var (
	_ Layer  = Embedding{}
	_ Masker = Embedding{}
)
