package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// GRUCell computes one step of GRU:
//
//	z, r = recurrent_activation(x·kernel + h·recurrent_kernel + bias), each with its own columns
//	g = activation(x·kernel + bias + r⊙(h·recurrent_kernel + recurrent bias)), with the columns of g
//	h = z⊙h + (1-z)⊙g
//
// where x is the input and h the state. With ResetAfter false g =
// activation(x·kernel + bias + (r⊙h)·recurrent_kernel).
//
// Inputs (batch, in) and the state: (batch, Units). Outputs h and the new
// state. A Dropout of 1 drops nothing, as in Keras. Weights:
// kernel (in, 3·Units), recurrent_kernel (Units, 3·Units), bias (2,
// 3·Units), the second row being the recurrent bias, or (3·Units) without
// ResetAfter; the columns are those of z, r and g, in this order.
type GRUCell struct {
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
	KernelConstraint     any     `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernel after each step
	RecurrentConstraint  any     `keras:"recurrent_constraint,kind=constraint"`                       // applied to the recurrent kernel after each step
	BiasConstraint       any     `keras:"bias_constraint,kind=constraint"`                            // applied to the bias after each step
	Dropout              float64 `keras:"dropout,default=0,min=0,max=1"`                              // probability that an input is 0, for all steps of a sample
	RecurrentDropout     float64 `keras:"recurrent_dropout,default=0,min=0,max=1"`                    // the same for the state that a step reads
	ResetAfter           *bool   `keras:"reset_after,default=true"`                                   // where the reset gate stands
	Seed                 *int    `keras:"seed"`                                                       // makes the dropouts independent of the model's seed
	ActivityRegularizer  any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                 string  `keras:"name"`
	Trainable            *bool   `keras:"trainable,default=true"`
	DType                string  `keras:"dtype"`
	InputShape           []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[GRUCell](module, spec.Ignored("implementation=1", "implementation=2"))
}

// StateSize returns the lengths of the state's arrays.
func (d GRUCell) StateSize() []int { return []int{d.Units} }

// Build declares kernel, recurrent kernel and bias.
func (d GRUCell) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.cellInput(d, in, d.DType)
	if !ok {
		return
	}
	b.Weight("kernel", tensor.Shape{s.Last(), 3 * d.Units}, d.KernelInitializer, WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	b.Weight("recurrent_kernel", tensor.Shape{d.Units, 3 * d.Units}, d.RecurrentInitializer, WeightOptions{d.RecurrentRegularizer, d.RecurrentConstraint})
	if *d.UseBias {
		shape := tensor.Shape{3 * d.Units}
		if *d.ResetAfter {
			shape = tensor.Shape{2, 3 * d.Units}
		}
		b.Weight("bias", shape, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// Call returns h.
func (d GRUCell) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns h and the new state.
func (d GRUCell) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	h := in[1]
	g := newGates(c, in[0], h, 3, d.Units, d.Dropout, d.RecurrentDropout, d.Seed)
	bias := func(row, k int) graph.Value {
		if *d.ResetAfter {
			return ops.Reshape(ops.Slice(c.Weight("bias"), []int{row, k * d.Units}, []int{1, d.Units}), d.Units)
		}
		return ops.Slice(c.Weight("bias"), []int{k * d.Units}, []int{d.Units})
	}
	biased := func(x graph.Value, row, k int) graph.Value {
		if !c.Has("bias") || row == 1 && !*d.ResetAfter {
			return x
		}
		return ops.Add(x, bias(row, k))
	}
	if g.whole && *d.ResetAfter && isActivation(d.RecurrentActivation, h, ops.UnarySigmoid) && isActivation(d.Activation, h, ops.UnaryTanh) {
		x, p := ops.MatMul(g.x[0], c.Weight("kernel")), ops.MatMul(h, c.Weight("recurrent_kernel"))
		rows := c.orZeros("bias", x, 2, 3*d.Units)
		row := func(k int) graph.Value {
			return ops.Reshape(ops.Slice(rows, []int{k, 0}, []int{1, 3 * d.Units}), 3*d.Units)
		}
		h = ops.GRUGates(x, p, row(0), row(1), h)
		return []graph.Value{h, h}
	}
	gate := func(k int) graph.Value { // both biases as one
		z := ops.Add(g.input(k), g.recurrent(k, h))
		if c.Has("bias") && *d.ResetAfter {
			z = ops.Add(z, ops.Add(bias(0, k), bias(1, k)))
		} else {
			z = biased(z, 0, k)
		}
		return activations.Apply(d.RecurrentActivation, z)
	}
	z, r := gate(0), gate(1)
	var inner graph.Value
	if *d.ResetAfter {
		inner = ops.Mul(r, biased(g.recurrent(2, h), 1, 2))
	} else {
		inner = g.recurrent(2, ops.Mul(r, h))
	}
	next := activations.Apply(d.Activation, ops.Add(biased(g.input(2), 0, 2), inner))
	h = ops.Add(ops.Mul(z, h), ops.Mul(ops.Sub(ops.Scalar(z, 1), z), next))
	return []graph.Value{h, h}
}

var _ Cell = GRUCell{}
