package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Conv1DTranspose goes the way of Conv1D backwards, from outputs to inputs: each
// input step adds its multiple of the kernel to the output, Strides apart. Then
// come bias and activation.
//
// Input (batch, steps, channels), output (batch, t, Filters), or with channels
// after batch for channels_first. With padding "valid" t is
// (steps - 1)·s + max(k, s), with "same" steps·s; OutputPadding p changes that to
// (steps - 1)·s + k + p and (steps - 1)·s + k%2 + p. Weights: kernel (k, Filters,
// channels), bias (Filters).
type Conv1DTranspose struct {
	Filters             int    `keras:"filters,pos,required,min=1"`                                          // number of output channels
	KernelSize          int    `keras:"kernel_size,required,min=1"`                                          // length of the window
	Strides             int    `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding             string `keras:"padding,default=valid,enum=valid|same"`                               // see above
	OutputPadding       *int   `keras:"output_padding,min=0"`                                                // see above; below Strides
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate        int    `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
	Activation          any    `keras:"activation,kind=activation,default=linear"`                           // applied last
	UseBias             *bool  `keras:"use_bias,default=true"`                                               // whether there is a bias
	KernelInitializer   any    `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"`          // starting value of the kernel
	BiasInitializer     any    `keras:"bias_initializer,kind=initializer,default=zeros"`                     // starting value of the bias
	KernelRegularizer   any    `keras:"kernel_regularizer,kind=regularizer"`                                 // penalty on the kernel
	BiasRegularizer     any    `keras:"bias_regularizer,kind=regularizer"`                                   // penalty on the bias
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer"`                               // penalty on the output
	KernelConstraint    any    `keras:"kernel_constraint,kind=constraint"`                                   // applied to the kernel after each step
	BiasConstraint      any    `keras:"bias_constraint,kind=constraint"`                                     // applied to the bias after each step
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[Conv1DTranspose](module, spec.Aliases("Convolution1DTranspose"), spec.Ignored("groups=1"))
}

func (d Conv1DTranspose) transpose() transpose {
	v := transpose{conv: conv{1, [2]int{1, d.KernelSize}, [2]int{1, d.Strides}, [2]int{1, d.DilationRate}, d.Padding, d.DataFormat, 1}}
	if d.OutputPadding != nil {
		v.outputPadding = []int{*d.OutputPadding}
	}
	return v
}

// Build declares kernel and bias.
func (d Conv1DTranspose) Build(b *Builder, in ...tensor.Shape) {
	v := d.transpose()
	channels, ok := v.build(b, in, d.DType)
	if !ok {
		return
	}
	b.Weight("kernel", v.kernel(d.Filters, channels), d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Filters}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call spreads, adds the bias and applies the activation.
func (d Conv1DTranspose) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.transpose()
	return v.finish(c, v.apply(in[0], c.Weight("kernel")), d.Activation)
}

var _ Layer = Conv1DTranspose{}
