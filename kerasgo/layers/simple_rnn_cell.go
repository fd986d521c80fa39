package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// SimpleRNNCell computes one step of SimpleRNN: h = activation(x·kernel +
// h·recurrent_kernel + bias), where x is the input and h the state.
//
// Inputs (batch, in) and the state: (batch, Units). Outputs h and the new
// state. Weights:
// kernel (in, Units), recurrent_kernel (Units, Units), bias (Units).
type SimpleRNNCell struct {
	Units                int     `keras:"units,pos,required,min=1"`                                   // length of the output and of the state
	Activation           any     `keras:"activation,kind=activation,default=tanh"`                    // applied last
	UseBias              *bool   `keras:"use_bias,default=true"`                                      // whether there is a bias
	KernelInitializer    any     `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"` // starting value of the kernel
	RecurrentInitializer any     `keras:"recurrent_initializer,kind=initializer,default=orthogonal"`  // starting value of the recurrent kernel
	BiasInitializer      any     `keras:"bias_initializer,kind=initializer,default=zeros"`            // starting value of the bias
	KernelRegularizer    any     `keras:"kernel_regularizer,kind=regularizer"`                        // penalty on the kernel
	RecurrentRegularizer any     `keras:"recurrent_regularizer,kind=regularizer"`                     // penalty on the recurrent kernel
	BiasRegularizer      any     `keras:"bias_regularizer,kind=regularizer"`                          // penalty on the bias
	KernelConstraint     any     `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernel after each step
	RecurrentConstraint  any     `keras:"recurrent_constraint,kind=constraint"`                       // applied to the recurrent kernel after each step
	BiasConstraint       any     `keras:"bias_constraint,kind=constraint"`                            // applied to the bias after each step
	Dropout              float64 `keras:"dropout,default=0,min=0,max=1"`                              // probability that an input is 0, for all steps of a sample
	RecurrentDropout     float64 `keras:"recurrent_dropout,default=0,min=0,max=1"`                    // the same for the state that a step reads
	Seed                 *int    `keras:"seed"`                                                       // makes the dropouts independent of the model's seed
	ActivityRegularizer  any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                 string  `keras:"name"`
	Trainable            *bool   `keras:"trainable,default=true"`
	DType                string  `keras:"dtype"`
	InputShape           []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[SimpleRNNCell](module, spec.Ignored("implementation=1", "implementation=2"))
}

// StateSize returns the lengths of the state's arrays.
func (d SimpleRNNCell) StateSize() []int { return []int{d.Units} }

// Build declares kernel, recurrent kernel and bias.
func (d SimpleRNNCell) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.cellInput(d, in, d.DType)
	if !ok {
		return
	}
	b.Weight("kernel", tensor.Shape{s.Last(), d.Units}, d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	b.Weight("recurrent_kernel", tensor.Shape{d.Units, d.Units}, d.RecurrentInitializer, WeightOptions{d.RecurrentRegularizer, d.RecurrentConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Units}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call returns h.
func (d SimpleRNNCell) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns h and the new state.
func (d SimpleRNNCell) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	x, h := in[0], in[1]
	x, h = c.dropped(x, d.Dropout, d.Seed), c.dropped(h, d.RecurrentDropout, d.Seed)
	y := ops.Add(ops.MatMul(x, c.Weight("kernel")), ops.MatMul(h, c.Weight("recurrent_kernel")))
	if c.Has("bias") {
		y = ops.Add(y, c.Weight("bias"))
	}
	y = activations.Apply(d.Activation, y)
	return []graph.Value{y, y}
}

var _ Cell = SimpleRNNCell{}
