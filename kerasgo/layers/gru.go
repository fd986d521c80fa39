package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GRU computes, for one step after another,
//
//	z, r = recurrent_activation(x·kernel + h·recurrent_kernel + bias), each with its own columns
//	g = activation(x·kernel + bias + r⊙(h·recurrent_kernel + recurrent bias)), with the columns of g
//	h = z⊙h + (1-z)⊙g
//
// where x is the step's input and h, at first 0, the output and state (Cho et al.,
// 2014). With ResetAfter false, the paper's form, g = activation(x·kernel + bias +
// (r⊙h)·recurrent_kernel).
//
// Input (batch, steps, in) and, optionally, the first state: (batch, Units).
// Output (batch, Units), or (batch, steps, Units) with ReturnSequences, in the order
// in which steps are read; with ReturnState also the last state. A masked step
// changes neither state nor output; as in Keras, masks have no effect when a first
// state is given. A Dropout of 1 drops nothing, as in Keras. Weights, under cell/:
// kernel (in, 3·Units), recurrent_kernel (Units, 3·Units), bias (2,
// 3·Units), the second row being the recurrent bias, or (3·Units) without
// ResetAfter; the columns are those of z, r and g, in this order.
type GRU struct {
	ReturnSequences      bool    `keras:"return_sequences"`                                           // whether to return the outputs of all steps, not of the last only
	ReturnState          bool    `keras:"return_state"`                                               // whether to return the last state too
	GoBackwards          bool    `keras:"go_backwards"`                                               // whether to read the steps from the last to the first
	Stateful             bool    `keras:"stateful"`                                                   // whether a batch starts from the last state of the one before; see keras.Model.ResetStates
	Unroll               bool    `keras:"unroll"`                                                     // has no effect: it changes no result
	ZeroOutputForMask    bool    `keras:"zero_output_for_mask"`                                       // whether outputs of masked steps are 0, not the output before
	Units                int     `keras:"units,pos,required,min=1"`                                   // length of the output and of the state
	Activation           any     `keras:"activation,kind=activation,default=tanh"`                    // of the candidate
	RecurrentActivation  any     `keras:"recurrent_activation,kind=activation,default=sigmoid"`       // of the gates
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
	ResetAfter           *bool   `keras:"reset_after,default=true"`                                   // where the reset gate stands
	Seed                 *int    `keras:"seed"`                                                       // makes the dropouts independent of the model's seed
	Name                 string  `keras:"name"`
	Trainable            *bool   `keras:"trainable,default=true"`
	DType                string  `keras:"dtype"`
	InputShape           []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[GRU](module, spec.Ignored("implementation=1", "implementation=2", "time_major=false", "use_cudnn=auto", "use_cudnn=true", "use_cudnn=false"))
}

func (d GRU) recurrent() recurrent {
	cell := GRUCell{
		Units:                d.Units,
		Activation:           d.Activation,
		RecurrentActivation:  d.RecurrentActivation,
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
		ResetAfter:           d.ResetAfter,
		Seed:                 d.Seed,
		DType:                d.DType,
	}
	return recurrent{cell, d.ReturnSequences, d.ReturnState, d.GoBackwards, d.Stateful, d.ZeroOutputForMask, d.DType}
}

func (d GRU) named() string { return d.Name }

func (d GRU) directed(name string, backwards bool) Layer {
	d.Name, d.GoBackwards, d.ZeroOutputForMask = name, backwards, d.ReturnSequences
	return d
}

// Build declares the cell's weights.
func (d GRU) Build(b *Builder, in ...tensor.Shape) { d.recurrent().build(b, in) }

// Call returns the output.
func (d GRU) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns the output and, with ReturnState, the last state.
func (d GRU) CallMulti(c *Context, in ...graph.Value) []graph.Value { return d.recurrent().call(c, in) }

// Mask keeps the mask of sequences.
func (d GRU) Mask(c *Context, in ...graph.Value) graph.Value { return d.recurrent().mask(c, in[0]) }

// TakesState says that inputs after the first are the first state.
func (GRU) TakesState() {}

var (
	_ StateTaker  = GRU{}
	_ sequencer   = GRU{}
	_ MultiOutput = GRU{}
	_ Masker      = GRU{}
)

// TakesMask lets a call have a mask of its own.
func (GRU) TakesMask() {}
