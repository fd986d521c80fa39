package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// AdditiveAttention is Attention with the scores Σ scale·tanh(query + key) over the
// features (Bahdanau, Cho and Bengio, 2015).
//
// Inputs, call options and outputs are those of Attention. Weight: scale (dim).
type AdditiveAttention struct {
	UseScale            *bool   `keras:"use_scale,default=true"`        // whether there are weights in the sum
	Dropout             float64 `keras:"dropout,min=0,max=1,default=0"` // probability by which a score is set to 0 in training
	Seed                *int    `keras:"seed,since=3.5"`                // makes the dropout independent of the model's seed
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AdditiveAttention](module) }

// Options names the choices.
func (AdditiveAttention) Options() []string { return attentionOptions }

// Build declares scale.
func (d AdditiveAttention) Build(b *Builder, in ...tensor.Shape) {
	if b.attention(in, d.DType) && *d.UseScale {
		b.Weight("scale", tensor.Shape{in[0].Last()}, initializers.GlorotUniform{}, WeightOptions{})
	}
}

// Call returns the output.
func (d AdditiveAttention) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns the output and, if they are asked for, the scores.
func (d AdditiveAttention) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	x := ops.Tanh(sums(in[0], in[len(in)-1]))
	if *d.UseScale {
		x = ops.Mul(x, c.Weight("scale"))
	}
	return c.attend(ops.Sum(x, []int{-1}, false), d.Dropout, d.Seed, in)
}

// PassesMask keeps the query's mask.
func (AdditiveAttention) PassesMask() {}

var (
	_ MultiOutput = AdditiveAttention{}
	_ MaskPasser  = AdditiveAttention{}
	_ OptionTaker = AdditiveAttention{}
)

// TakesMask lets a call have a mask of its own.
func (AdditiveAttention) TakesMask() {}
