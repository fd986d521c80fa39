package layers

import (
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// attentionArguments are the tensors that MultiHeadAttention and
// GroupQueryAttention are called with, and attentionOptions the choices.
var (
	attentionArguments = []string{"query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask"}
	attentionOptions   = []string{"return_attention_scores", "use_causal_mask"}
)

// heads is what the two layers share: projections to heads, attention of each head
// and the projection back.
type heads struct {
	query, key, value, gate, output EinsumDense // gate without equation: none

	features int // of each query and key
	dropout  float64
	seed     *int
	window   int   // of the places that a query sees; 0 for all
	axes     []int // of the projected query that attention runs over
}

// build checks the inputs and declares the projections in Keras's order.
func (h heads) build(b *Builder, in []tensor.Shape) {
	query, key, value := in[0], argument(in, 2), in[1]
	if key == nil {
		key = value
	}
	if len(value) != len(key) || !value[1:len(value)-1].Equal(key[1:len(key)-1]) {
		b.misfit("value %v and key %v differ in more than their last axis", shown(value), shown(key))
		return
	}
	if value[0] != query[0] || key[0] != query[0] {
		b.misfit("query %v, value %v and key %v differ in their numbers of samples", query, value, key)
		return
	}
	b.child("query", h.query, query)
	b.child("key", h.key, key)
	if h.gate.Equation != "" {
		b.child("gate", h.gate, query)
	}
	b.child("value", h.value, value)
	shape := func(e EinsumDense) (heads, features int) {
		n := len(e.OutputShape)
		return e.OutputShape[n-2], e.OutputShape[n-1]
	}
	heads, _ := shape(h.query)
	_, features := shape(h.value)
	b.child("attention_output", h.output, append(query[:len(query)-1].Clone(), heads, features))
}

// hasQueryAndValue checks that the inputs without which there is no attention are
// there, with the batch and at least two more axes.
func (b *Builder) hasQueryAndValue(in []tensor.Shape) bool {
	if len(in) < 2 || in[0] == nil || in[1] == nil {
		b.misfit("wants a query and a value, got %d inputs", len(in))
		return false
	}
	for i, name := range attentionArguments[:3] {
		if s := argument(in, i); s != nil && len(s) < 3 {
			b.misfit("%s %v has %d axes; wanted (batch, steps, features)", name, shown(s), len(s))
			return false
		}
	}
	return true
}

// call returns the output and, if they are asked for, the scores.
func (h heads) call(c *Context, in []graph.Value) []graph.Value {
	query, value := in[0], in[1]
	key := either(argument(in, 2), value)
	causal := c.Option("use_causal_mask")
	mask := h.mask(c, in)

	q, k := c.child("query", h.query, query), c.Child("key", h.key, key)
	v := c.child("value", h.value, value)
	var y, scores graph.Value
	scale := 1 / math.Sqrt(float64(h.features))
	returned := c.Option("return_attention_scores")
	if len(q.Shape()) == 4 && !returned && (h.dropout < 1 || !c.Training()) {
		if mask.OK() {
			mask = widenMask(mask, 4, 1)
		}
		// Keras computes the scores themselves when there is a dropout, which differs
		// for queries that may see nothing.
		o := ops.AttentionOptions{Scale: scale, Causal: causal, ZeroMasked: h.dropout > 0}
		if h.dropout > 0 && c.Training() {
			o.Dropout, o.Stream = h.dropout, c.stream(h.seed)
		}
		y = ops.DotProductAttention(q, k, v, mask, o)
	} else {
		if n := q.Shape()[2] / k.Shape()[2]; n > 1 && len(q.Shape()) == 4 {
			k, v = ops.Repeat(k, n, 2), ops.Repeat(v, n, 2)
		}
		if causal {
			mask = both(mask, band(q, query.Shape()[1], value.Shape()[1], func(d int) bool { return d >= 0 }))
		}
		y, scores = h.scored(c, ops.MulScalar(q, scale), k, v, mask)
	}
	if h.gate.Equation != "" {
		y = ops.Mul(y, c.child("gate", h.gate, query))
	}
	y = c.child("attention_output", h.output, y)
	if returned {
		return []graph.Value{y, scores}
	}
	return []graph.Value{y}
}

// scored attends by way of the scores, over any axes.
func (h heads) scored(c *Context, q, k, v, mask graph.Value) (y, scores graph.Value) {
	dot, combine, rank := attentionEquations(len(q.Shape()), h.axes)
	s := ops.Einsum(dot, k, q)
	if c.Graph().Err() != nil {
		return s, s
	}
	n := len(h.axes)
	over := make([]int, n)
	for i := range over {
		over[i] = rank - n + i
	}
	if mask.OK() {
		mask = ops.BroadcastTo(widenMask(mask, rank, n), s.Shape()...)
	}
	scores = softmax(s, mask, over)
	return ops.Einsum(combine, c.drop(scores, h.dropout, h.seed, nil), v), scores
}

// attentionEquations returns Keras's equations for projected inputs of a rank, the
// batch axis first, heads and features last, and the rank of the scores.
func attentionEquations(rank int, axes []int) (dot, combine string, scores int) {
	letter := func(i int) byte { return byte('a' + i) }
	var target, source, batch, from, to []byte
	next := rank
	for i := range rank {
		target = append(target, letter(i))
		if slices.Contains(axes, i) {
			source = append(source, letter(next))
			next++
			continue
		}
		source = append(source, letter(i))
		if i < rank-1 {
			batch = append(batch, letter(i))
		}
	}
	for _, a := range axes {
		from, to = append(from, target[a]), append(to, source[a])
	}
	product := string(batch) + string(from) + string(to)
	return string(source) + "," + string(target) + "->" + product, product + "," + string(source) + "->" + string(target), len(product)
}

// mask merges what the call says about the places that may be seen, the causal mask
// apart: (batch, T, S) or what broadcasts to it. A zero Value means all of them.
func (h heads) mask(c *Context, in []graph.Value) (mask graph.Value) {
	query, value := in[0], in[1]
	key := argument(in, 2)
	asked := func(i int, x graph.Value) graph.Value {
		if m := argument(in, i); m.OK() || !x.OK() {
			return truth(m, query.DType())
		}
		return c.Mask(x)
	}
	mask = truth(argument(in, 6), query.DType())
	if m := asked(3, query); m.OK() {
		mask = both(mask, ops.ExpandDims(m, -1))
	}
	for i, x := range []graph.Value{value, key} {
		if m := asked(4+i, x); m.OK() {
			mask = both(mask, ops.ExpandDims(m, -2))
		}
	}
	if h.window > 0 {
		mask = both(mask, band(query, query.Shape()[1], value.Shape()[1], func(d int) bool { return max(d, -d) < h.window }))
	}
	return mask
}

// truth turns a mask of any type into 0 and 1.
func truth(m graph.Value, dtype tensor.DType) graph.Value {
	if !m.OK() {
		return m
	}
	m = ops.Cast(m, dtype)
	return ops.NotEqual(m, ops.Scalar(m, 0))
}

// both is where both masks are 1; either may be missing.
func both(a, b graph.Value) graph.Value {
	if a.OK() && b.OK() {
		return ops.And(a, b)
	}
	return either(a, b)
}

// band is the mask (1, T, S) of the places for which keep says yes to the distance
// t - s.
func band(like graph.Value, t, s int, keep func(d int) bool) graph.Value {
	m := tensor.New(like.DType(), 1, t, s)
	for i := range t {
		for j := range s {
			if keep(i - j) {
				m.SetFloat64At(i*s+j, 1)
			}
		}
	}
	return like.Graph().Constant(m)
}

// widenMask inserts axes of length 1 before the 2n axes of queries and places until
// the mask has as many axes as the scores.
func widenMask(m graph.Value, rank, n int) graph.Value {
	s := m.Shape().Clone()
	for len(s) < rank {
		s = slices.Insert(s, max(0, len(s)-2*n), 1)
	}
	return ops.Reshape(m, s...)
}
