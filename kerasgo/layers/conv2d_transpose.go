package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Conv2DTranspose goes the way of Conv2D backwards, from outputs to inputs: each
// input element adds its multiple of the kernel to the output, Strides apart. Then
// come bias and activation.
//
// Input (batch, height, width, channels), output (batch, h, w, Filters), or with
// channels after batch for channels_first. With padding "valid" h is
// (height - 1)·s + max(kh, s), with "same" height·s; OutputPadding p changes that to
// (height - 1)·s + kh + p and (height - 1)·s + kh%2 + p. Weights: kernel (kh, kw,
// Filters, channels), bias (Filters).
type Conv2DTranspose struct {
	Filters             int     `keras:"filters,pos,required,min=1"`                                          // number of output channels
	KernelSize          [2]int  `keras:"kernel_size,required,min=1"`                                          // height and width of the window
	Strides             [2]int  `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding             string  `keras:"padding,default=valid,enum=valid|same"`                               // see above
	OutputPadding       *[2]int `keras:"output_padding,min=0"`                                                // see above; below Strides
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate        [2]int  `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
	Activation          any     `keras:"activation,kind=activation,default=linear"`                           // applied last
	UseBias             *bool   `keras:"use_bias,default=true"`                                               // whether there is a bias
	KernelInitializer   any     `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"`          // starting value of the kernel
	BiasInitializer     any     `keras:"bias_initializer,kind=initializer,default=zeros"`                     // starting value of the bias
	KernelRegularizer   any     `keras:"kernel_regularizer,kind=regularizer"`                                 // penalty on the kernel
	BiasRegularizer     any     `keras:"bias_regularizer,kind=regularizer"`                                   // penalty on the bias
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer"`                               // penalty on the output
	KernelConstraint    any     `keras:"kernel_constraint,kind=constraint"`                                   // applied to the kernel after each step
	BiasConstraint      any     `keras:"bias_constraint,kind=constraint"`                                     // applied to the bias after each step
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[Conv2DTranspose](module, spec.Aliases("Convolution2DTranspose"), spec.Ignored("groups=1"))
}

func (d Conv2DTranspose) transpose() transpose {
	v := transpose{conv: conv{2, d.KernelSize, d.Strides, d.DilationRate, d.Padding, d.DataFormat, 1}}
	if d.OutputPadding != nil {
		v.outputPadding = d.OutputPadding[:]
	}
	return v
}

// Build declares kernel and bias.
func (d Conv2DTranspose) Build(b *Builder, in ...tensor.Shape) {
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
func (d Conv2DTranspose) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.transpose()
	return v.finish(c, v.apply(in[0], c.Weight("kernel")), d.Activation)
}

var _ Layer = Conv2DTranspose{}
