package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SimpleRNN computes, for one step after another, h = activation(x·kernel +
// h·recurrent_kernel + bias), where x is the step's input and h, at first 0, the
// output and state.
//
// Input (batch, steps, in) and, optionally, the first state: (batch, Units).
// Output (batch, Units), or (batch, steps, Units) with ReturnSequences, in the order
// in which steps are read; with ReturnState also the last state. A masked step
// changes neither state nor output; as in Keras, masks have no effect when a first
// state is given. Weights, under cell/:
// kernel (in, Units), recurrent_kernel (Units, Units), bias (Units).
type SimpleRNN struct {
	ReturnSequences      bool    `keras:"return_sequences"`                                           // whether to return the outputs of all steps, not of the last only
	ReturnState          bool    `keras:"return_state"`                                               // whether to return the last state too
	GoBackwards          bool    `keras:"go_backwards"`                                               // whether to read the steps from the last to the first
	Stateful             bool    `keras:"stateful"`                                                   // whether a batch starts from the last state of the one before; see keras.Model.ResetStates
	Unroll               bool    `keras:"unroll"`                                                     // has no effect: it changes no result
	ZeroOutputForMask    bool    `keras:"zero_output_for_mask"`                                       // whether outputs of masked steps are 0, not the output before
	Units                int     `keras:"units,pos,required,min=1"`                                   // length of the output and of the state
	Activation           any     `keras:"activation,kind=activation,default=tanh"`                    // applied last
	UseBias              *bool   `keras:"use_bias,default=true"`                                      // whether there is a bias
	KernelInitializer    any     `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"` // starting value of the kernel
	RecurrentInitializer any     `keras:"recurrent_initializer,kind=initializer,default=orthogonal"`  // starting value of the recurrent kernel
	BiasInitializer      any     `keras:"bias_initializer,kind=initializer,default=zeros"`            // starting value of the bias
	KernelRegularizer    any     `keras:"kernel_regularizer,kind=regularizer"`                        // penalty on the kernel
	RecurrentRegularizer any     `keras:"recurrent_regularizer,kind=regularizer"`                     // penalty on the recurrent kernel
	BiasRegularizer      any     `keras:"bias_regularizer,kind=regularizer"`                          // penalty on the bias
	ActivityRegularizer  any     `keras:"activity_regularizer,kind=regularizer"`                      // penalty on the output
	KernelConstraint     any     `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernel after each step
	RecurrentConstraint  any     `keras:"recurrent_constraint,kind=constraint"`                       // applied to the recurrent kernel after each step
	BiasConstraint       any     `keras:"bias_constraint,kind=constraint"`                            // applied to the bias after each step
	Dropout              float64 `keras:"dropout,default=0,min=0,max=1"`                              // probability that an input is 0, for all steps of a sample
	RecurrentDropout     float64 `keras:"recurrent_dropout,default=0,min=0,max=1"`                    // the same for the state that a step reads
	Seed                 *int    `keras:"seed,noconfig"`                                              // makes the dropouts independent of the model's seed
	Name                 string  `keras:"name"`
	Trainable            *bool   `keras:"trainable,default=true"`
	DType                string  `keras:"dtype"`
	InputShape           []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[SimpleRNN](module, spec.Ignored("implementation=1", "implementation=2", "time_major=false"))
}

func (d SimpleRNN) recurrent() recurrent {
	cell := SimpleRNNCell{
		Units:                d.Units,
		Activation:           d.Activation,
		UseBias:              d.UseBias,
		KernelInitializer:    d.KernelInitializer,
		RecurrentInitializer: d.RecurrentInitializer,
		BiasInitializer:      d.BiasInitializer,
		KernelRegularizer:    d.KernelRegularizer,
		RecurrentRegularizer: d.RecurrentRegularizer,
		BiasRegularizer:      d.BiasRegularizer,
		KernelConstraint:     d.KernelConstraint,
		RecurrentConstraint:  d.RecurrentConstraint,
		BiasConstraint:       d.BiasConstraint,
		Dropout:              d.Dropout,
		RecurrentDropout:     d.RecurrentDropout,
		Seed:                 d.Seed,
		DType:                d.DType,
	}
	return recurrent{cell, d.ReturnSequences, d.ReturnState, d.GoBackwards, d.Stateful, d.ZeroOutputForMask, d.DType}
}

func (d SimpleRNN) named() string { return d.Name }

func (d SimpleRNN) directed(name string, backwards bool) Layer {
	d.Name, d.GoBackwards, d.ZeroOutputForMask = name, backwards, d.ReturnSequences
	return d
}

// Build declares the cell's weights.
func (d SimpleRNN) Build(b *Builder, in ...tensor.Shape) { d.recurrent().build(b, in) }

// Call returns the output.
func (d SimpleRNN) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns the output and, with ReturnState, the last state.
func (d SimpleRNN) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	return d.recurrent().call(c, in)
}

// Mask keeps the mask of sequences.
func (d SimpleRNN) Mask(c *Context, in ...graph.Value) graph.Value {
	return d.recurrent().mask(c, in[0])
}

// TakesState says that inputs after the first are the first state.
func (SimpleRNN) TakesState() {}

var (
	_ StateTaker  = SimpleRNN{}
	_ sequencer   = SimpleRNN{}
	_ MultiOutput = SimpleRNN{}
	_ Masker      = SimpleRNN{}
)

// TakesMask lets a call have a mask of its own.
func (SimpleRNN) TakesMask() {}
