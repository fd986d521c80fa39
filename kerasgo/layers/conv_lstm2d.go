package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ConvLSTM2D is LSTM with convolutions over height and width in the place of products:
//
//	i, f, o = recurrent_activation(x ⋆ kernel + h ⋆ recurrent_kernel + bias), each with its own channels
//	c = f⊙c + i⊙activation(x ⋆ kernel + h ⋆ recurrent_kernel + bias), with the channels of c
//	h = o⊙activation(c)
//
// where x is the step's input, h the output and (h, c), at first 0, the state (Shi et
// al., 2015). Strides, Padding and DilationRate are those of x's convolution; h's keeps
// its shape (step 1, padding "same").
//
// Input (batch, steps, height, width, channels) and, optionally, the first state: h and c, each of
// the output's shape. Output (batch, h, w, Filters), or (batch, steps, h, w, Filters) with
// ReturnSequences, in the order in which steps are read; with ReturnState also the last state.
// For channels_first channels come before height, width. A masked step changes neither state
// nor output. Weights, under cell/: kernel (kh, kw, channels, 4·Filters), recurrent_kernel (kh, kw,
// Filters, 4·Filters), bias (4·Filters); the channels are those of i, f, c and o, in this order.
type ConvLSTM2D struct {
	ReturnSequences      bool    `keras:"return_sequences"`                                                    // whether to return the outputs of all steps, not of the last only
	ReturnState          bool    `keras:"return_state"`                                                        // whether to return the last state too
	GoBackwards          bool    `keras:"go_backwards"`                                                        // whether to read the steps from the last to the first
	Stateful             bool    `keras:"stateful"`                                                            // whether a batch starts from the last state of the one before; see keras.Model.ResetStates
	Unroll               bool    `keras:"unroll"`                                                              // has no effect: it changes no result
	ZeroOutputForMask    bool    `keras:"zero_output_for_mask"`                                                // whether outputs of masked steps are 0, not the output before
	Filters              int     `keras:"filters,pos,required,min=1"`                                          // channels of the output and of the state
	KernelSize           [2]int  `keras:"kernel_size,required,min=1"`                                          // of both kernels
	Strides              [2]int  `keras:"strides,default=1,min=1"`                                             // step of the window over x
	Padding              string  `keras:"padding,default=valid,enum=valid|same"`                               // of x, as in Conv2D
	DataFormat           string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate         [2]int  `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements in x
	Activation           any     `keras:"activation,kind=activation,default=tanh"`                             // of the candidate and the output
	RecurrentActivation  any     `keras:"recurrent_activation,kind=activation,default=sigmoid"`                // of the gates
	UseBias              *bool   `keras:"use_bias,default=true"`                                               // whether there is a bias
	KernelInitializer    any     `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"`          // starting value of the kernel
	RecurrentInitializer any     `keras:"recurrent_initializer,kind=initializer,default=orthogonal"`           // starting value of the recurrent kernel
	BiasInitializer      any     `keras:"bias_initializer,kind=initializer,default=zeros"`                     // starting value of the bias
	UnitForgetBias       *bool   `keras:"unit_forget_bias,default=true"`                                       // whether the bias of the forget gate starts at 1
	KernelRegularizer    any     `keras:"kernel_regularizer,kind=regularizer"`                                 // penalty on the kernel
	RecurrentRegularizer any     `keras:"recurrent_regularizer,kind=regularizer"`                              // penalty on the recurrent kernel
	BiasRegularizer      any     `keras:"bias_regularizer,kind=regularizer"`                                   // penalty on the bias
	ActivityRegularizer  any     `keras:"activity_regularizer,kind=regularizer"`                               // penalty on the output
	KernelConstraint     any     `keras:"kernel_constraint,kind=constraint"`                                   // applied to the kernel after each step
	RecurrentConstraint  any     `keras:"recurrent_constraint,kind=constraint"`                                // applied to the recurrent kernel after each step
	BiasConstraint       any     `keras:"bias_constraint,kind=constraint"`                                     // applied to the bias after each step
	Dropout              float64 `keras:"dropout,default=0,min=0,max=1"`                                       // probability that an input is 0, for all steps of a sample; 1 drops nothing, as in Keras
	RecurrentDropout     float64 `keras:"recurrent_dropout,default=0,min=0,max=1"`                             // the same for the state that a step reads
	Seed                 *int    `keras:"seed"`                                                                // makes the dropouts independent of the model's seed
	Name                 string  `keras:"name"`
	Trainable            *bool   `keras:"trainable,default=true"`
	DType                string  `keras:"dtype"`
	InputShape           []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ConvLSTM2D](module, spec.Ignored("time_major=false")) }

func (d ConvLSTM2D) recurrent() recurrent {
	cell := convLSTMCell{
		filters:              d.Filters,
		window:               newWindow(d.Padding, d.DataFormat, d.KernelSize[:], d.Strides[:], d.DilationRate[:]),
		activation:           d.Activation,
		recurrentActivation:  d.RecurrentActivation,
		useBias:              *d.UseBias,
		unitForgetBias:       *d.UnitForgetBias,
		kernelInitializer:    d.KernelInitializer,
		recurrentInitializer: d.RecurrentInitializer,
		biasInitializer:      d.BiasInitializer,
		kernel:               WeightOptions{d.KernelRegularizer, d.KernelConstraint},
		recurrentKernel:      WeightOptions{d.RecurrentRegularizer, d.RecurrentConstraint},
		bias:                 WeightOptions{d.BiasRegularizer, d.BiasConstraint},
		dropout:              d.Dropout,
		recurrentDropout:     d.RecurrentDropout,
		seed:                 d.Seed,
		dtype:                d.DType,
	}
	return recurrent{cell, d.ReturnSequences, d.ReturnState, d.GoBackwards, d.Stateful, d.ZeroOutputForMask, d.DType}
}

// Build declares the weights.
func (d ConvLSTM2D) Build(b *Builder, in ...tensor.Shape) { d.recurrent().build(b, in) }

// Call returns the output.
func (d ConvLSTM2D) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns the output and, with ReturnState, the last state.
func (d ConvLSTM2D) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	return d.recurrent().call(c, in)
}

// Mask keeps the mask of sequences.
func (d ConvLSTM2D) Mask(c *Context, in ...graph.Value) graph.Value {
	return d.recurrent().mask(c, in[0])
}

// TakesState says that inputs after the first are the first state.
func (ConvLSTM2D) TakesState() {}

var (
	_ StateTaker  = ConvLSTM2D{}
	_ MultiOutput = ConvLSTM2D{}
	_ Masker      = ConvLSTM2D{}
)

// TakesMask lets a call have a mask of its own.
func (ConvLSTM2D) TakesMask() {}
