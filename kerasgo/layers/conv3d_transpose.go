package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Conv3DTranspose goes the way of Conv3D backwards, from outputs to inputs: each
// input element adds its multiple of the kernel to the output, Strides apart. Then
// come bias and activation.
//
// Input (batch, depth, height, width, channels), output (batch, d, h, w, Filters), or
// with channels after batch for channels_first. With padding "valid" h is
// (height - 1)·s + max(kh, s), with "same" height·s; OutputPadding p changes that to
// (height - 1)·s + kh + p and (height - 1)·s + kh%2 + p. Weights: kernel (kd, kh, kw,
// Filters, channels), bias (Filters).
type Conv3DTranspose struct {
	Filters             int     `keras:"filters,pos,required,min=1"`                                          // number of output channels
	KernelSize          [3]int  `keras:"kernel_size,required,min=1"`                                          // depth, height and width of the window
	Strides             [3]int  `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding             string  `keras:"padding,default=valid,enum=valid|same"`                               // see above
	OutputPadding       *[3]int `keras:"output_padding,min=0"`                                                // see above; below Strides
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate        [3]int  `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
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
	spec.Register[Conv3DTranspose](module, spec.Aliases("Convolution3DTranspose"), spec.Ignored("groups=1"))
}

func (d Conv3DTranspose) volume() volume {
	return volume{d.KernelSize, d.Strides, d.DilationRate, d.Padding, d.DataFormat, 1}
}

// Build declares kernel and bias.
func (d Conv3DTranspose) Build(b *Builder, in ...tensor.Shape) {
	v := d.volume()
	channels, ok := v.build(b, in, d.DType)
	if !ok || !v.checkSteps(b) {
		return
	}
	if p := d.OutputPadding; p != nil && (p[0] >= d.Strides[0] || p[1] >= d.Strides[1] || p[2] >= d.Strides[2]) {
		b.Errorf("output_padding %v must be below strides %v", tensor.Shape(p[:]), tensor.Shape(d.Strides[:]))
		return
	}
	b.Weight("kernel", v.kernel(d.Filters, channels), d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Filters}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call spreads, adds the bias and applies the activation.
func (d Conv3DTranspose) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.volume()
	var extra []int
	if d.OutputPadding != nil {
		extra = d.OutputPadding[:]
	}
	return v.finish(c, v.spread(in[0], c.Weight("kernel"), extra), d.Activation)
}

var _ Layer = Conv3DTranspose{}
