package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Conv2D computes activation(x ⋆ kernel + bias), where ⋆ is cross-correlation over
// height and width:
//
//	y[n,i,j,o] = Σ x[n, i·s+a·d-p, j·s+b·d-p, c]·kernel[a,b,c,o]   over a, b, c
//
// Input (batch, height, width, channels), output (batch, h, w, Filters), or with
// channels after batch for channels_first. With padding "valid" h is
// ⌊(height - (kh-1)·d - 1)/s⌋ + 1; with "same" it is ⌈height/s⌉, and of an odd
// number of zeros the extra one is at the bottom and right. With Groups > 1
// each group of input channels makes its own Filters/Groups outputs. Weights:
// kernel (kh, kw, channels/Groups, Filters), bias (Filters).
type Conv2D struct {
	Filters             int    `keras:"filters,pos,required,min=1"`                                          // number of output channels
	KernelSize          [2]int `keras:"kernel_size,required,min=1"`                                          // height and width of the window
	Strides             [2]int `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding             string `keras:"padding,default=valid,enum=valid|same"`                               // see above
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate        [2]int `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
	Groups              int    `keras:"groups,default=1,min=1"`                                              // number of separate convolutions
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
	spec.Register[Conv2D](module, spec.Aliases("Convolution2D"), spec.Ignored("lora_rank", "lora_alpha", "quantization_config"))
}

func (d Conv2D) conv() conv {
	return conv{2, d.KernelSize, d.Strides, d.DilationRate, d.Padding, d.DataFormat, d.Groups}
}

// Build declares kernel and bias.
func (d Conv2D) Build(b *Builder, in ...tensor.Shape) {
	v := d.conv()
	channels, ok := v.build(b, in, d.DType)
	if !ok || !v.checkSteps(b) {
		return
	}
	if d.Filters%d.Groups != 0 {
		b.Errorf("groups %d does not divide filters %d", d.Groups, d.Filters)
		return
	}
	b.Weight("kernel", v.kernel(channels/d.Groups, d.Filters), d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Filters}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call convolves, adds the bias and applies the activation.
func (d Conv2D) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.conv()
	return v.finish(c, v.apply(in[0], c.Weight("kernel")), d.Activation)
}

var _ Layer = Conv2D{}
