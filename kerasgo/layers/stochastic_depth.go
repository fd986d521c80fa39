package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// StochasticDepth sets whole samples to 0 at random in training, each with probability
// DropPathRate, and divides the others by 1 - DropPathRate. Outside training it returns
// its input. It is part of Keras's ConvNeXt and not public there.
//
// Input and output have one shape.
//
// Huang, Sun, Liu, Sedra and Weinberger, "Deep Networks with Stochastic Depth", 2016.
type StochasticDepth struct {
	DropPathRate float64 `keras:"drop_path_rate,pos,required,min=0,max=1"` // probability of 0
	Name         string  `keras:"name"`
	Trainable    *bool   `keras:"trainable,default=true"`
	DType        string  `keras:"dtype"`
	InputShape   []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[StochasticDepth]("keras.src.applications.convnext", spec.RegisteredName("StochasticDepth"))
}

// Build checks the input.
func (d StochasticDepth) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call drops.
func (d StochasticDepth) Call(c *Context, in ...graph.Value) graph.Value {
	noise := make([]int, len(in[0].Shape()))
	for i := range noise {
		noise[i] = 1
	}
	noise[0] = tensor.Unknown // every sample on its own
	return c.drop(in[0], d.DropPathRate, nil, noise)
}

var _ Layer = StochasticDepth{}
