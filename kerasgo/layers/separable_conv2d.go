package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SeparableConv2D convolves each channel on its own, as DepthwiseConv2D does, and
// then mixes the results at each place by a matrix. It adds the bias and applies
// the activation at the end only.
//
// Input (batch, height, width, channels), output (batch, h, w, Filters), h and w
// as for Conv2D. Weights: depthwise_kernel (kh, kw, channels, DepthMultiplier),
// pointwise_kernel (1, 1, channels·DepthMultiplier, Filters), bias (Filters).
type SeparableConv2D struct {
	DepthMultiplier      int    `keras:"depth_multiplier,default=1,min=1"`                                    // depthwise outputs of each input channel
	Filters              int    `keras:"filters,pos,required,min=1"`                                          // number of output channels
	KernelSize           [2]int `keras:"kernel_size,required,min=1"`                                          // height and width of the window
	Strides              [2]int `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding              string `keras:"padding,default=valid,enum=valid|same"`                               // see Conv2D
	DataFormat           string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate         [2]int `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
	Activation           any    `keras:"activation,kind=activation,default=linear"`                           // applied last
	UseBias              *bool  `keras:"use_bias,default=true"`                                               // whether there is a bias
	DepthwiseInitializer any    `keras:"depthwise_initializer,kind=initializer,default=glorot_uniform"`       // starting value of the depthwise kernel
	PointwiseInitializer any    `keras:"pointwise_initializer,kind=initializer,default=glorot_uniform"`       // starting value of the pointwise kernel
	BiasInitializer      any    `keras:"bias_initializer,kind=initializer,default=zeros"`                     // starting value of the bias
	DepthwiseRegularizer any    `keras:"depthwise_regularizer,kind=regularizer"`                              // penalty on the depthwise kernel
	PointwiseRegularizer any    `keras:"pointwise_regularizer,kind=regularizer"`                              // penalty on the pointwise kernel
	BiasRegularizer      any    `keras:"bias_regularizer,kind=regularizer"`                                   // penalty on the bias
	ActivityRegularizer  any    `keras:"activity_regularizer,kind=regularizer"`                               // penalty on the output
	DepthwiseConstraint  any    `keras:"depthwise_constraint,kind=constraint"`                                // applied to the depthwise kernel after each step
	PointwiseConstraint  any    `keras:"pointwise_constraint,kind=constraint"`                                // applied to the pointwise kernel after each step
	BiasConstraint       any    `keras:"bias_constraint,kind=constraint"`                                     // applied to the bias after each step
	Name                 string `keras:"name"`
	Trainable            *bool  `keras:"trainable,default=true"`
	DType                string `keras:"dtype"`
	InputShape           []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[SeparableConv2D](module, spec.Aliases("SeparableConvolution2D"), spec.Ignored("groups=1"))
}

func (d SeparableConv2D) conv() conv {
	return conv{2, d.KernelSize, d.Strides, d.DilationRate, d.Padding, d.DataFormat, 1}
}

// Build declares the two kernels and the bias.
func (d SeparableConv2D) Build(b *Builder, in ...tensor.Shape) {
	v := d.conv()
	channels, ok := v.build(b, in, d.DType)
	if !ok {
		return
	}
	b.Weight("depthwise_kernel", v.kernel(channels, d.DepthMultiplier), d.DepthwiseInitializer, WeightOptions{d.DepthwiseRegularizer, d.DepthwiseConstraint})
	b.Weight("pointwise_kernel", tensor.Shape{1, 1, channels * d.DepthMultiplier, d.Filters}, d.PointwiseInitializer,
		WeightOptions{d.PointwiseRegularizer, d.PointwiseConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Filters}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call convolves, mixes, adds the bias and applies the activation.
func (d SeparableConv2D) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.conv()
	y := v.depthwise(in[0], c.Weight("depthwise_kernel"))
	y = ops.Conv2D(y, c.Weight("pointwise_kernel"), ops.ConvOptions{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: "valid", Groups: 1})
	return v.finish(c, y, d.Activation)
}

var _ Layer = SeparableConv2D{}
