package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// SeparableConv1D convolves each channel on its own, as DepthwiseConv1D does, and
// then mixes the results at each place by a matrix. It adds the bias and applies
// the activation at the end only.
//
// Input (batch, steps, channels), output (batch, t, Filters), t as for Conv1D.
// Weights: depthwise_kernel (k, channels, DepthMultiplier), pointwise_kernel
// (1, channels·DepthMultiplier, Filters), bias (Filters).
type SeparableConv1D struct {
	DepthMultiplier      int    `keras:"depth_multiplier,default=1,min=1"`                                    // depthwise outputs of each input channel
	Filters              int    `keras:"filters,pos,required,min=1"`                                          // number of output channels
	KernelSize           int    `keras:"kernel_size,required,min=1"`                                          // length of the window
	Strides              int    `keras:"strides,default=1,min=1"`                                             // step of the window
	Padding              string `keras:"padding,default=valid,enum=valid|same"`                               // see Conv1D
	DataFormat           string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	DilationRate         int    `keras:"dilation_rate,default=1,min=1"`                                       // distance of the window's elements
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
	spec.Register[SeparableConv1D](module, spec.Aliases("SeparableConvolution1D"), spec.Ignored("groups=1"))
}

func (d SeparableConv1D) conv() conv {
	return conv{1, [2]int{1, d.KernelSize}, [2]int{1, d.Strides}, [2]int{1, d.DilationRate}, d.Padding, d.DataFormat, 1}
}

// Build declares the two kernels and the bias.
func (d SeparableConv1D) Build(b *Builder, in ...tensor.Shape) {
	v := d.conv()
	channels, ok := v.build(b, in, d.DType)
	if !ok {
		return
	}
	b.Weight("depthwise_kernel", v.kernel(channels, d.DepthMultiplier), d.DepthwiseInitializer, WeightOptions{d.DepthwiseRegularizer, d.DepthwiseConstraint})
	b.Weight("pointwise_kernel", tensor.Shape{1, channels * d.DepthMultiplier, d.Filters}, d.PointwiseInitializer,
		WeightOptions{d.PointwiseRegularizer, d.PointwiseConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Filters}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call convolves, mixes, adds the bias and applies the activation.
func (d SeparableConv1D) Call(c *Context, in ...graph.Value) graph.Value {
	v := d.conv()
	y := v.depthwise(in[0], c.Weight("depthwise_kernel"))
	mix := c.Weight("pointwise_kernel")
	y = ops.MatMul(y, ops.Reshape(mix, mix.Shape()[1:]...))
	return v.finish(c, y, d.Activation)
}

var _ Layer = SeparableConv1D{}
