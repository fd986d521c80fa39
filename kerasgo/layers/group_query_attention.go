package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// GroupQueryAttention is multi-head attention in which neighbouring heads of the
// query share a head of key and value (Ainslie et al., 2023): NumKeyValueHeads of
// 1 is multi-query attention, as many as NumQueryHeads is MultiHeadAttention.
//
// Call arguments and output are those of MultiHeadAttention, for inputs (batch,
// steps, features); query_mask (batch, T) may be given, and the masks of the inputs
// stay. Weights, each with a kernel and a bias: query, gate (features,
// NumQueryHeads, HeadDim), key, value (features, NumKeyValueHeads, HeadDim),
// attention_output (NumQueryHeads, HeadDim, features of the query).
type GroupQueryAttention struct {
	HeadDim             int     `keras:"head_dim,pos,required,min=1"`                                // features of a head
	NumQueryHeads       int     `keras:"num_query_heads,required,min=1"`                             // heads of the query, a multiple of NumKeyValueHeads
	NumKeyValueHeads    int     `keras:"num_key_value_heads,required,min=1"`                         // heads of key and value
	Dropout             float64 `keras:"dropout,min=0,max=1,default=0"`                              // probability by which a weight is set to 0 in training
	UseBias             *bool   `keras:"use_bias,default=true"`                                      // whether the projections have biases
	UseGate             bool    `keras:"use_gate,since=3.13"`                                        // see MultiHeadAttention
	SlidingWindow       int     `keras:"sliding_window,min=1,since=3.15"`                            // a query sees only places less than this far away
	KernelInitializer   any     `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"` // starting value of the kernels
	BiasInitializer     any     `keras:"bias_initializer,kind=initializer,default=zeros"`            // starting value of the biases
	KernelRegularizer   any     `keras:"kernel_regularizer,kind=regularizer"`                        // penalty on the kernels
	BiasRegularizer     any     `keras:"bias_regularizer,kind=regularizer"`                          // penalty on the biases
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`          // penalty on the outputs of the layer and of each projection
	KernelConstraint    any     `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernels after each step
	BiasConstraint      any     `keras:"bias_constraint,kind=constraint"`                            // applied to the biases after each step
	Seed                *int    `keras:"seed,since=3.5"`                                             // makes the dropout independent of the model's seed
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[GroupQueryAttention](module, spec.InPython("GroupedQueryAttention"), spec.Ignored("flash_attention=false"))
}

// Completed checks the numbers of heads.
func (d GroupQueryAttention) Completed() (any, error) {
	if d.NumQueryHeads%d.NumKeyValueHeads != 0 {
		return nil, fmt.Errorf("num_query_heads %d is no multiple of num_key_value_heads %d", d.NumQueryHeads, d.NumKeyValueHeads)
	}
	return d, nil
}

// Arguments names the inputs.
func (GroupQueryAttention) Arguments() []string { return attentionArguments }

// Options names the choices.
func (GroupQueryAttention) Options() []string { return attentionOptions }

// Group returns the names of the projections in Keras's files.
func (GroupQueryAttention) Group(child string) string {
	if child == "attention_output" {
		return "_output_dense"
	}
	return "_" + child + "_dense"
}

func (d GroupQueryAttention) heads(features int) heads {
	h := heads{features: d.HeadDim, dropout: d.Dropout, seed: d.Seed, window: d.SlidingWindow, axes: []int{1}}
	h.query = d.dense("bqm,muh->bquh", "uh", d.NumQueryHeads, d.HeadDim)
	h.key = d.dense("bkm,mvh->bkvh", "vh", d.NumKeyValueHeads, d.HeadDim)
	h.value = h.key
	if d.UseGate {
		h.gate = h.query
		h.gate.Activation = activations.Func(activations.Sigmoid)
	}
	h.output = d.dense("bquh,uhm->bqm", "m", features)
	return h
}

func (d GroupQueryAttention) dense(equation, bias string, out ...int) EinsumDense {
	e := EinsumDense{
		Equation: equation, OutputShape: append(spec.Ints{tensor.Unknown}, out...),
		KernelInitializer: d.KernelInitializer, BiasInitializer: d.BiasInitializer, KernelRegularizer: d.KernelRegularizer, BiasRegularizer: d.BiasRegularizer,
		ActivityRegularizer: d.ActivityRegularizer, KernelConstraint: d.KernelConstraint, BiasConstraint: d.BiasConstraint,
	}
	if *d.UseBias {
		e.BiasAxes = bias
	}
	return e
}

// Build declares the projections.
func (d GroupQueryAttention) Build(b *Builder, in ...tensor.Shape) {
	b.dtype(d.DType)
	if !b.hasQueryAndValue(in) {
		return
	}
	for i, name := range attentionArguments[:3] {
		if s := argument(in, i); s != nil && len(s) != 3 {
			b.misfit("%s %v has %d axes; wanted (batch, steps, features)", name, shown(s), len(s))
			return
		}
	}
	if in[0].Last() != in[1].Last() {
		b.misfit("query %v and value %v differ in their features", shown(in[0]), shown(in[1]))
		return
	}
	d.heads(in[0].Last()).build(b, in)
}

// Call returns the output.
func (d GroupQueryAttention) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns the output and, if they are asked for, the scores.
func (d GroupQueryAttention) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	return d.heads(in[0].Shape().Last()).call(c, in)
}

// PassesMask keeps the query's mask.
func (GroupQueryAttention) PassesMask() {}

var (
	_ MultiOutput    = GroupQueryAttention{}
	_ MaskPasser     = GroupQueryAttention{}
	_ ArgumentTaker  = GroupQueryAttention{}
	_ OptionTaker    = GroupQueryAttention{}
	_ Grouper        = GroupQueryAttention{}
	_ spec.Completer = GroupQueryAttention{}
)
