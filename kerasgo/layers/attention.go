package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// Attention returns, for every query, the mean of the values weighted by the
// softmax of the scores of their keys (Luong, Pham and Manning, 2015). A score is
// query·key with ScoreMode dot, times a weight with UseScale; with concat it is
// w·Σ tanh(scale·(query + key)).
//
// Inputs query (batch, T, dim), value (batch, S, features) and, if it is not the
// value, key (batch, S, dim), as a list. The call takes the options use_causal_mask
// (a query sees places up to its own) and return_attention_scores. Output (batch, T,
// features), 0 where the query is masked; then, if asked for, the scores (batch, T,
// S). Masked values have no weight. Weights, without axes: scale, concat_score_weight.
type Attention struct {
	UseScale            bool    `keras:"use_scale"`                              // whether a weight scales the scores
	ScoreMode           string  `keras:"score_mode,default=dot,enum=dot|concat"` // how a score is computed
	Dropout             float64 `keras:"dropout,min=0,max=1,default=0"`          // probability by which a score is set to 0 in training
	Seed                *int    `keras:"seed,since=3.5"`                         // makes the dropout independent of the model's seed
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Attention](module) }

// Options names the choices.
func (Attention) Options() []string { return attentionOptions }

// Build declares the weights of the scores.
func (d Attention) Build(b *Builder, in ...tensor.Shape) {
	if !b.attention(in, d.DType) {
		return
	}
	one := func(name string) { b.Weight(name, tensor.Shape{}, initializers.Ones{}, WeightOptions{}) }
	if d.UseScale {
		one("scale")
	}
	if d.ScoreMode == "concat" {
		one("concat_score_weight")
	}
}

// attention checks the inputs of the layers that attend without projections.
func (b *Builder) attention(in []tensor.Shape, dtype string) bool {
	b.dtype(dtype)
	if len(in) != 2 && len(in) != 3 {
		b.misfit("wants query and value, or query, value and key; got %d inputs", len(in))
		return false
	}
	query, value, key := in[0], in[1], in[len(in)-1]
	for i, s := range in {
		if len(s) != 3 {
			b.misfit("%s %v has %d axes; wanted (batch, steps, features)", attentionArguments[i], shown(s), len(s))
			return false
		}
	}
	if query[0] != value[0] || value[0] != key[0] || value[1] != key[1] || query[2] != key[2] {
		b.misfit("query %v, value %v and key %v do not fit", shown(query), shown(value), shown(key))
		return false
	}
	return true
}

// Call returns the output.
func (d Attention) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns the output and, if they are asked for, the scores.
func (d Attention) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	q, k := in[0], in[len(in)-1]
	var s graph.Value
	switch {
	case d.ScoreMode == "concat":
		x := sums(q, k)
		if d.UseScale {
			x = ops.Mul(x, c.Weight("scale"))
		}
		s = ops.Mul(ops.Sum(ops.Tanh(x), []int{-1}, false), c.Weight("concat_score_weight"))
	default:
		s = ops.MatMulT(q, k, false, true)
		if d.UseScale {
			s = ops.Mul(s, c.Weight("scale"))
		}
	}
	return c.attend(s, d.Dropout, d.Seed, in)
}

// sums is the sum of every query and every key: (batch, T, S, dim).
func sums(q, k graph.Value) graph.Value {
	return ops.Add(ops.ExpandDims(q, 2), ops.ExpandDims(k, 1))
}

// attend weights the values by the scores.
func (c *Context) attend(s graph.Value, dropout float64, seed *int, in []graph.Value) []graph.Value {
	if c.Graph().Err() != nil {
		return []graph.Value{s, s}
	}
	var mask graph.Value
	if m := c.Mask(in[1]); m.OK() {
		mask = ops.ExpandDims(m, 1)
	}
	if c.Option("use_causal_mask") {
		shape := s.Shape()
		mask = both(mask, band(s, shape[1], shape[2], func(d int) bool { return d >= 0 }))
	}
	if mask.OK() {
		s = ops.Where(ops.BroadcastTo(mask, s.Shape()...), s, ops.SubScalar(s, 1e9))
	}
	w := c.drop(ops.Softmax(s, -1), dropout, seed, nil)
	y := ops.MatMul(w, in[1])
	if m := elementMask(c, in[0], y); m.OK() {
		y = ops.Where(m, y, ops.Scalar(y, 0))
	}
	if c.Option("return_attention_scores") {
		return []graph.Value{y, w}
	}
	return []graph.Value{y}
}

// PassesMask keeps the query's mask.
func (Attention) PassesMask() {}

var (
	_ MultiOutput = Attention{}
	_ MaskPasser  = Attention{}
	_ OptionTaker = Attention{}
)

// TakesMask lets a call have a mask of its own.
func (Attention) TakesMask() {}
