package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// LSTM computes, for one step after another,
//
//	i, f, o = recurrent_activation(x·kernel + h·recurrent_kernel + bias), each with its own columns
//	c = f⊙c + i⊙activation(x·kernel + h·recurrent_kernel + bias), with the columns of c
//	h = o⊙activation(c)
//
// where x is the step's input, h the output and (h, c), at first 0, the state
// (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et al., 2000).
//
// Input (batch, steps, in) and, optionally, the first state: h and c, each (batch, Units).
// Output (batch, Units), or (batch, steps, Units) with ReturnSequences, in the order
// in which steps are read; with ReturnState also the last state. A masked step
// changes neither state nor output; as in Keras, masks have no effect when a first
// state is given. A Dropout of 1 drops nothing, as in Keras. Weights, under cell/:
// kernel (in, 4·Units), recurrent_kernel (Units, 4·Units), bias
// (4·Units); the columns are those of i, f, c and o, in this order.
type LSTM struct {
	ReturnSequences      bool    `keras:"return_sequences"`                                           // whether to return the outputs of all steps, not of the last only
	ReturnState          bool    `keras:"return_state"`                                               // whether to return the last state too
	GoBackwards          bool    `keras:"go_backwards"`                                               // whether to read the steps from the last to the first
	Stateful             bool    `keras:"stateful"`                                                   // whether a batch starts from the last state of the one before; see keras.Model.ResetStates
	Unroll               bool    `keras:"unroll"`                                                     // has no effect: it changes no result
	ZeroOutputForMask    bool    `keras:"zero_output_for_mask"`                                       // whether outputs of masked steps are 0, not the output before
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
	ActivityRegularizer  any     `keras:"activity_regularizer,kind=regularizer"`                      // penalty on the output
	KernelConstraint     any     `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernel after each step
	RecurrentConstraint  any     `keras:"recurrent_constraint,kind=constraint"`                       // applied to the recurrent kernel after each step
	BiasConstraint       any     `keras:"bias_constraint,kind=constraint"`                            // applied to the bias after each step
	Dropout              float64 `keras:"dropout,default=0,min=0,max=1"`                              // probability that an input is 0, for all steps of a sample
	RecurrentDropout     float64 `keras:"recurrent_dropout,default=0,min=0,max=1"`                    // the same for the state that a step reads
	Seed                 *int    `keras:"seed"`                                                       // makes the dropouts independent of the model's seed
	Name                 string  `keras:"name"`
	Trainable            *bool   `keras:"trainable,default=true"`
	DType                string  `keras:"dtype"`
	InputShape           []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[LSTM](module, spec.Ignored("implementation=1", "implementation=2", "time_major=false", "use_cudnn=auto", "use_cudnn=true", "use_cudnn=false"))
}

func (d LSTM) recurrent() recurrent {
	cell := LSTMCell{
		Units:                d.Units,
		Activation:           d.Activation,
		RecurrentActivation:  d.RecurrentActivation,
		UseBias:              d.UseBias,
		UnitForgetBias:       d.UnitForgetBias,
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

func (d LSTM) named() string { return d.Name }

func (d LSTM) directed(name string, backwards bool) Layer {
	d.Name, d.GoBackwards, d.ZeroOutputForMask = name, backwards, d.ReturnSequences
	return d
}

// Build declares the cell's weights.
func (d LSTM) Build(b *Builder, in ...tensor.Shape) { d.recurrent().build(b, in) }

// Call returns the output.
func (d LSTM) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns the output and, with ReturnState, the last state.
func (d LSTM) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	return d.recurrent().call(c, in)
}

// Mask keeps the mask of sequences.
func (d LSTM) Mask(c *Context, in ...graph.Value) graph.Value { return d.recurrent().mask(c, in[0]) }

// TakesState says that inputs after the first are the first state.
func (LSTM) TakesState() {}

var (
	_ StateTaker  = LSTM{}
	_ sequencer   = LSTM{}
	_ MultiOutput = LSTM{}
	_ Masker      = LSTM{}
)

// TakesMask lets a call have a mask of its own.
func (LSTM) TakesMask() {}
