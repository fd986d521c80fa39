package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// DepthwiseConv2D convolves each channel on its own with DepthMultiplier windows:
// output channel c·m+q belongs to input channel c. It adds the bias and applies
// the activation.
//
// Input (batch, height, width, channels), output (batch, h, w,
// channels·DepthMultiplier), h and w as for Conv2D. Weights: kernel (kh, kw,
// channels, DepthMultiplier), bias (channels·DepthMultiplier).
type DepthwiseConv2D struct {
	DepthMultiplier      int    `keras:"depth_multiplier,default=1,min=1"`                                    // outputs of each input channel
	KernelSize           [2]int `keras:"kernel_size,pos,required,min=1"`                                      // height and width of the window
	Strides              [2]int `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding              string `keras:"padding,default=valid,enum=valid|same"`                               // see Conv2D
	DataFormat           string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate         [2]int `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
	Activation           any    `keras:"activation,kind=activation,default=linear"`                           // applied last
	UseBias              *bool  `keras:"use_bias,default=true"`                                               // whether there is a bias
	DepthwiseInitializer any    `keras:"depthwise_initializer,kind=initializer,default=glorot_uniform"`       // starting value of the kernel
	BiasInitializer      any    `keras:"bias_initializer,kind=initializer,default=zeros"`                     // starting value of the bias
	DepthwiseRegularizer any    `keras:"depthwise_regularizer,kind=regularizer"`                              // penalty on the kernel
	BiasRegularizer      any    `keras:"bias_regularizer,kind=regularizer"`                                   // penalty on the bias
	ActivityRegularizer  any    `keras:"activity_regularizer,kind=regularizer"`                               // penalty on the output
	DepthwiseConstraint  any    `keras:"depthwise_constraint,kind=constraint"`                                // applied to the kernel after each step
	BiasConstraint       any    `keras:"bias_constraint,kind=constraint"`                                     // applied to the bias after each step
	Name                 string `keras:"name"`
	Trainable            *bool  `keras:"trainable,default=true"`
	DType                string `keras:"dtype"`
	InputShape           []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[DepthwiseConv2D](module, spec.Ignored("groups=1"))
}

func (d DepthwiseConv2D) conv() conv {
	return conv{2, d.KernelSize, d.Strides, d.DilationRate, d.Padding, d.DataFormat, 1}
}

// Build declares kernel and bias.
func (d DepthwiseConv2D) Build(b *Builder, in ...tensor.Shape) {
	v := d.conv()
	channels, ok := v.build(b, in, d.DType)
	if !ok {
		return
	}
	b.Weight("kernel", v.kernel(channels, d.DepthMultiplier), d.DepthwiseInitializer, WeightOptions{d.DepthwiseRegularizer, d.DepthwiseConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{channels * d.DepthMultiplier}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call convolves, adds the bias and applies the activation.
func (d DepthwiseConv2D) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.conv()
	return v.finish(c, v.depthwise(in[0], c.Weight("kernel")), d.Activation)
}

var _ Layer = DepthwiseConv2D{}
