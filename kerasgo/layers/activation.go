package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// Activation applies an activation function.
//
// Input and output have one shape.
type Activation struct {
	Activation          any    `keras:"activation,pos,required,kind=activation"` // name or function
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Activation](module) }

// Build checks the input.
func (d Activation) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call applies the function.
func (d Activation) Call(_ *Context, in ...graph.Value) graph.Value {
	return activations.Apply(d.Activation, in[0])
}

// PassesMask keeps the mask.
func (Activation) PassesMask() {}

var _ Layer = Activation{}
