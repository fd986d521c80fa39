package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// MultiHeadAttention projects query, key and value to NumHeads heads, weights the
// values of each head by softmax(query·keyᵀ/√KeyDim) and projects the result back
// (Vaswani et al., 2017).
//
// Call arguments: query (batch, T, …), value (batch, S, …), key (batch, S, …) if it
// is not the value, value_mask and key_mask (batch, S), attention_mask (batch, T,
// S), nonzero where a query may look, and the options use_causal_mask (only at
// places up to its own) and return_attention_scores. The masks of the inputs count
// too. Output (batch, T, OutputShape…) and, if asked for, the scores (batch,
// NumHeads, T, S). Its mask is the query's; as in Keras the call takes the masks of
// its inputs away.
//
// Weights, each with a kernel and a bias: query, key (features, NumHeads, KeyDim),
// gate and value (features, NumHeads, ValueDim), attention_output (NumHeads,
// ValueDim, OutputShape…).
type MultiHeadAttention struct {
	NumHeads            int       `keras:"num_heads,pos,required,min=1"`                               // number of heads
	KeyDim              int       `keras:"key_dim,required,min=1"`                                     // features of a head's queries and keys
	ValueDim            int       `keras:"value_dim,min=1"`                                            // features of a head's values; default KeyDim
	Dropout             float64   `keras:"dropout,min=0,max=1,default=0"`                              // probability by which a weight is set to 0 in training
	UseBias             *bool     `keras:"use_bias,default=true"`                                      // whether the projections have biases
	UseGate             bool      `keras:"use_gate,since=3.13"`                                        // whether sigmoid of a projection of the query multiplies the result (Qiu et al., 2025)
	OutputShape         spec.Ints `keras:"output_shape,min=1"`                                         // lengths of the output after T; default the query's features
	AttentionAxes       spec.Ints `keras:"attention_axes"`                                             // axes of the query that attention runs over; default all but batch and features
	SlidingWindow       int       `keras:"sliding_window,min=1,since=3.15"`                            // a query sees only places less than this far away
	KernelInitializer   any       `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"` // starting value of the kernels
	BiasInitializer     any       `keras:"bias_initializer,kind=initializer,default=zeros"`            // starting value of the biases
	KernelRegularizer   any       `keras:"kernel_regularizer,kind=regularizer"`                        // penalty on the kernels
	BiasRegularizer     any       `keras:"bias_regularizer,kind=regularizer"`                          // penalty on the biases
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer"`                      // penalty on the output of each projection
	KernelConstraint    any       `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernels after each step
	BiasConstraint      any       `keras:"bias_constraint,kind=constraint"`                            // applied to the biases after each step
	Seed                *int      `keras:"seed"`                                                       // makes the dropout independent of the model's seed
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[MultiHeadAttention](module, spec.Ignored("flash_attention=false"))
}

// Completed sets ValueDim.
func (d MultiHeadAttention) Completed() (any, error) {
	if d.ValueDim == 0 {
		d.ValueDim = d.KeyDim
	}
	return d, nil
}

// Arguments names the inputs.
func (MultiHeadAttention) Arguments() []string { return attentionArguments }

// Options names the choices.
func (MultiHeadAttention) Options() []string { return attentionOptions }

// Group returns the names of the projections in Keras's files.
func (MultiHeadAttention) Group(child string) string {
	switch child {
	case "gate":
		return "_gate_dense"
	case "attention_output":
		return "output_dense"
	}
	return child + "_dense"
}

// heads describes the computation for inputs with so many axes.
func (d MultiHeadAttention) heads(query, key, value, features int) heads {
	h := heads{features: d.KeyDim, dropout: d.Dropout, seed: d.Seed, window: d.SlidingWindow}
	h.query = d.dense(query-1, 1, []int{d.NumHeads, d.KeyDim})
	h.key = d.dense(key-1, 1, []int{d.NumHeads, d.KeyDim})
	h.value = d.dense(value-1, 1, []int{d.NumHeads, d.ValueDim})
	if d.UseGate {
		h.gate = d.dense(query-1, 1, []int{d.NumHeads, d.ValueDim})
		h.gate.Activation = activations.Func(activations.Sigmoid)
	}
	out := []int(d.OutputShape)
	if len(out) == 0 {
		out = []int{features}
	}
	h.output = d.dense(query-1, 2, out)
	for _, a := range d.AttentionAxes {
		if a < 0 {
			a += query
		}
		h.axes = append(h.axes, a)
	}
	if h.axes == nil {
		for a := 1; a < query-1; a++ {
			h.axes = append(h.axes, a)
		}
	}
	return h
}

// dense is a projection: free axes stay, so many bound ones are summed over, and the
// result has the lengths out in their place.
func (d MultiHeadAttention) dense(free, bound int, out []int) EinsumDense {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	kept, summed, made := letters[:free], letters[free:free+bound], letters[free+bound:][:len(out)]
	e := EinsumDense{
		Equation: kept + summed + "," + summed + made + "->" + kept + made, OutputShape: append(slices.Repeat(spec.Ints{tensor.Unknown}, free-1), out...),
		KernelInitializer: d.KernelInitializer, BiasInitializer: d.BiasInitializer, KernelRegularizer: d.KernelRegularizer, BiasRegularizer: d.BiasRegularizer,
		ActivityRegularizer: d.ActivityRegularizer, KernelConstraint: d.KernelConstraint, BiasConstraint: d.BiasConstraint,
	}
	if *d.UseBias {
		e.BiasAxes = made
	}
	return e
}

// Build declares the projections.
func (d MultiHeadAttention) Build(b *Builder, in ...tensor.Shape) {
	b.dtype(d.DType)
	if !b.hasQueryAndValue(in) {
		return
	}
	if argument(in, 3) != nil {
		b.Errorf("query_mask: the layer takes the mask that the query carries; as in Keras another one has no effect, so leave it out")
		return
	}
	query, value, key := len(in[0]), len(in[1]), len(argument(in, 2))
	if key == 0 {
		key = value
	}
	h := d.heads(query, key, value, in[0].Last())
	for _, a := range h.axes {
		if a < 1 || a >= query-1 || query != value {
			b.Errorf("attention_axes %v: axis %d is no axis between batch and features of query %v and value %v", tupleOf(d.AttentionAxes), a, shown(in[0]), shown(in[1]))
			return
		}
	}
	h.build(b, in)
}

// Call returns the output.
func (d MultiHeadAttention) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns the output and, if they are asked for, the scores.
func (d MultiHeadAttention) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	rank := func(v graph.Value) int { return len(v.Shape()) }
	h := d.heads(rank(in[0]), rank(either(argument(in, 2), in[1])), rank(in[1]), in[0].Shape().Last())
	return h.call(c, in)
}

// Mask passes the query's mask on and, as Keras does, takes the masks of the inputs
// away.
func (d MultiHeadAttention) Mask(c *Context, in ...graph.Value) graph.Value {
	mask := c.Mask(in[0])
	for _, x := range in[:min(3, len(in))] {
		delete(c.env.Masks, x)
	}
	return mask
}

// PenalisesParts says that ActivityRegularizer is for the projections.
func (MultiHeadAttention) PenalisesParts() {}

var (
	_ MultiOutput    = MultiHeadAttention{}
	_ Masker         = MultiHeadAttention{}
	_ ArgumentTaker  = MultiHeadAttention{}
	_ OptionTaker    = MultiHeadAttention{}
	_ Grouper        = MultiHeadAttention{}
	_ spec.Completer = MultiHeadAttention{}
)
