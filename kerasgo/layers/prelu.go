package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// PReLU computes x for x > 0 and alpha·x elsewhere, with a learned alpha for each
// element, or one for all elements along the SharedAxes (He, Zhang, Ren and Sun,
// 2015).
//
// Input and output have one shape. Weight alpha has the input's shape without the
// batch axis, with length 1 along the shared axes.
type PReLU struct {
	AlphaInitializer    any    `keras:"alpha_initializer,pos,kind=initializer,default=zeros"` // starting value of alpha
	AlphaRegularizer    any    `keras:"alpha_regularizer,kind=regularizer"`                   // penalty on alpha
	AlphaConstraint     any    `keras:"alpha_constraint,kind=constraint"`                     // applied to alpha after each step
	SharedAxes          []int  `keras:"shared_axes,min=1"`                                    // axes with one alpha, counted from 1 after the batch axis
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[PReLU](module) }

// Build declares alpha.
func (d PReLU) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	alpha := s[1:].Clone()
	for _, a := range d.SharedAxes {
		if _, ok := b.axis(s, a); !ok {
			return
		}
		alpha[a-1] = 1
	}
	b.Weight("alpha", alpha, d.AlphaInitializer, WeightOptions{d.AlphaRegularizer, d.AlphaConstraint})
}

// Call applies the function.
func (d PReLU) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	return ops.Sub(ops.Relu(x), ops.Mul(c.Weight("alpha"), ops.Relu(ops.Neg(x))))
}

// PassesMask keeps the mask.
func (PReLU) PassesMask() {}

var _ Layer = PReLU{}
