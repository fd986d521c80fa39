package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Identity returns its input.
type Identity struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Identity](module, spec.Aliases("TFDIdentity")) } // TFDIdentity is FeatureSpace's

// Build checks the input.
func (d Identity) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call returns its input.
func (Identity) Call(_ *Context, in ...graph.Value) graph.Value { return in[0] }

// PassesMask keeps the mask.
func (Identity) PassesMask() {}

var _ Layer = Identity{}
