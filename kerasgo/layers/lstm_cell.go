package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// LSTMCell computes one step of LSTM:
//
//	i, f, o = recurrent_activation(x·kernel + h·recurrent_kernel + bias), each with its own columns
//	c = f⊙c + i⊙activation(x·kernel + h·recurrent_kernel + bias), with the columns of c
//	h = o⊙activation(c)
//
// where x is the input and (h, c) the state.
//
// Inputs (batch, in) and the state: h and c, each (batch, Units). Outputs h and the new
// state. A Dropout of 1 drops nothing, as in Keras. Weights:
// kernel (in, 4·Units), recurrent_kernel (Units, 4·Units), bias
// (4·Units); the columns are those of i, f, c and o, in this order.
type LSTMCell struct {
	Units                int     `keras:"units,pos,required,min=1"`                                   // length of the output and of the state
	Activation           any     `keras:"activation,kind=activation,default=tanh"`                    // of the candidate and the output
	RecurrentActivation  any     `keras:"recurrent_activation,kind=activation,default=sigmoid"`       // of the gates
	UseBias              *bool   `keras:"use_bias,default=true"`                                      // whether there is a bias
	UnitForgetBias       *bool   `keras:"unit_forget_bias,default=true"`                              // whether the bias of the forget gate starts at 1
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
	spec.Register[LSTMCell](module, spec.Ignored("implementation=1", "implementation=2"))
}

// StateSize returns the lengths of the state's arrays.
func (d LSTMCell) StateSize() []int { return []int{d.Units, d.Units} }

// Build declares kernel, recurrent kernel and bias.
func (d LSTMCell) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.cellInput(d, in, d.DType)
	if !ok {
		return
	}
	b.Weight("kernel", tensor.Shape{s.Last(), 4 * d.Units}, d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	b.Weight("recurrent_kernel", tensor.Shape{d.Units, 4 * d.Units}, d.RecurrentInitializer, WeightOptions{d.RecurrentRegularizer, d.RecurrentConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{4 * d.Units}, d.biasInitializer(), WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

func (d LSTMCell) biasInitializer() any {
	if *d.UnitForgetBias {
		return forgetBias{d.BiasInitializer, d.Units}
	}
	return d.BiasInitializer
}

// forgetBias starts the bias of the forget gate at 1.
type forgetBias struct {
	inner any
	units int
}

// Initialize makes the four gates' biases.
func (f forgetBias) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	init, ok := f.inner.(initializers.Initializer)
	if !ok {
		return nil, fmt.Errorf("%T is no initializer", f.inner)
	}
	t, err := init.Initialize(shape, r)
	if err != nil {
		return nil, err
	}
	t = t.Clone()
	for i := f.units; i < 2*f.units; i++ {
		t.SetFloat64At(i, 1)
	}
	return t, nil
}

// Call returns h.
func (d LSTMCell) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns h and the new state.
func (d LSTMCell) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	h, carry := in[1], in[2]
	g := newGates(c, in[0], h, 4, d.Units, d.Dropout, d.RecurrentDropout, d.Seed)
	if g.whole && isActivation(d.RecurrentActivation, h, ops.UnarySigmoid) && isActivation(d.Activation, h, ops.UnaryTanh) {
		z := ops.Add(ops.MatMul(g.x[0], c.Weight("kernel")), ops.MatMul(h, c.Weight("recurrent_kernel")))
		h, carry = ops.LSTMGates(z, c.orZeros("bias", z, 4*d.Units), carry)
		return []graph.Value{h, h, carry}
	}
	act := func(f any, k int) graph.Value {
		z := ops.Add(g.input(k), g.recurrent(k, h))
		if c.Has("bias") {
			z = ops.Add(z, ops.Slice(c.Weight("bias"), []int{k * d.Units}, []int{d.Units}))
		}
		return activations.Apply(f, z)
	}
	carry = ops.Add(ops.Mul(act(d.RecurrentActivation, 1), carry), ops.Mul(act(d.RecurrentActivation, 0), act(d.Activation, 2)))
	h = ops.Mul(act(d.RecurrentActivation, 3), activations.Apply(d.Activation, carry))
	return []graph.Value{h, h, carry}
}

var _ Cell = LSTMCell{}
