package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Masking masks the steps whose features all equal MaskValue and sets them to 0.
// Layers after it leave masked steps out.
//
// Input and output (batch, …, features); the mask has the shape without features.
type Masking struct {
	MaskValue           float64 `keras:"mask_value,pos,default=0"` // value that stands for "nothing here"
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Masking](module) }

// Build checks the input.
func (d Masking) Build(b *Builder, in ...tensor.Shape) {
	b.input(in, d.DType, "batch", "...", "features")
}

// Call sets masked steps to 0.
func (d Masking) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Where(d.present(in[0], true), in[0], ops.Scalar(in[0], 0))
}

// Mask is where a feature differs from MaskValue.
func (d Masking) Mask(_ *Context, in ...graph.Value) graph.Value { return d.present(in[0], false) }

func (d Masking) present(x graph.Value, keepDims bool) graph.Value {
	return ops.Max(ops.NotEqual(x, ops.Scalar(x, d.MaskValue)), []int{-1}, keepDims)
}

var (
	_ Layer  = Masking{}
	_ Masker = Masking{}
)
