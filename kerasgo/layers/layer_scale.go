package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// LayerScale multiplies the last axis by numbers that are learned and start small. It
// is part of Keras's ConvNeXt and not public there.
//
// Input and output (batch, …, ProjectionDim). Weight: variable (ProjectionDim), Keras's name for it.
//
// Touvron et al., "Going Deeper with Image Transformers", 2021.
type LayerScale struct {
	InitValues    float64 `keras:"init_values,required"`          // starting value of the numbers
	ProjectionDim int     `keras:"projection_dim,required,min=1"` // length of the last axis
	Name          string  `keras:"name"`
	Trainable     *bool   `keras:"trainable,default=true"`
	DType         string  `keras:"dtype"`
	InputShape    []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[LayerScale]("keras.src.applications.convnext", spec.RegisteredName("LayerScale"))
}

// Build declares the weight.
func (d LayerScale) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType)
	if !ok {
		return
	}
	if s.Last() != d.ProjectionDim {
		b.misfit("projection_dim %d is not the last axis of its input %v", d.ProjectionDim, shown(s))
		return
	}
	b.Weight("variable", tensor.Shape{d.ProjectionDim}, initializers.Constant{Value: d.InitValues}, WeightOptions{})
}

// Call multiplies.
func (d LayerScale) Call(c *Context, in ...graph.Value) graph.Value {
	return ops.Mul(in[0], c.Weight("variable"))
}

var _ Layer = LayerScale{}
