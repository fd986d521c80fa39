package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// Dense computes activation(x·kernel + bias) over the last axis.
//
// Input (batch, …, in), output (batch, …, Units). Weights: kernel (in, Units),
// bias (Units).
type Dense struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`          // penalty on the output
	Units               int    `keras:"units,pos,required,min=1"`                                   // number of outputs
	Activation          any    `keras:"activation,kind=activation,default=linear"`                  // applied last
	UseBias             *bool  `keras:"use_bias,default=true"`                                      // whether there is a bias
	KernelInitializer   any    `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"` // starting value of the kernel
	BiasInitializer     any    `keras:"bias_initializer,kind=initializer,default=zeros"`            // starting value of the bias
	KernelRegularizer   any    `keras:"kernel_regularizer,kind=regularizer"`                        // penalty on the kernel
	BiasRegularizer     any    `keras:"bias_regularizer,kind=regularizer"`                          // penalty on the bias
	KernelConstraint    any    `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernel after each step
	BiasConstraint      any    `keras:"bias_constraint,kind=constraint"`                            // applied to the bias after each step
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[Dense](module, spec.Ignored("lora_rank", "lora_alpha", "quantization_config"))
}

// Build declares kernel and bias.
func (d Dense) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...", "features")
	if !ok {
		return
	}
	b.Weight("kernel", tensor.Shape{s.Last(), d.Units}, d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	if *d.UseBias {
		b.Weight("bias", tensor.Shape{d.Units}, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call computes activation(x·kernel + bias).
func (d Dense) Call(c *Context, in ...graph.Value) graph.Value {
	y := ops.MatMul(in[0], c.Weight("kernel"))
	if c.Has("bias") {
		y = ops.Add(y, c.Weight("bias"))
	}
	return activations.Apply(d.Activation, y)
}

// PassesMask keeps the mask.
func (Dense) PassesMask() {}

var _ Layer = Dense{}
