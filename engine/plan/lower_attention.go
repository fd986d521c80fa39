package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// attentionSpan is how many scores a chunk computes at most: they share the turned keys, which then cost little.
const attentionSpan = 1 << 16

// attentionBlock is how many of them are computed at a time: they stay close, as do the key and the value of the head.
const attentionBlock = 1 << 14

// enoughSamples is from how many samples on a chunk of the gradient takes whole ones: their heads lie side by side.
const enoughSamples = 16

// lowerAttention lowers dot-product attention and its gradient. A chunk takes a
// block of queries of one head, or in the gradient all of those that share a head
// of the key: scores, softmax and the product with the values, of which nothing is
// stored but the result. The gradient computes the scores again.
func lowerAttention(c *compiler, n *graph.Node) bool {
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	in, out := c.bufs(n)
	switch op := n.Op.(type) {
	case ops.DotProductAttentionOp:
		a := newAttention(n, op.AttentionOptions, len(n.In) == 3+btoi(op.Dropout > 0)+1, in)
		a.forward(c, n, in, out)
	case ops.DotProductAttentionGradOp:
		a := newAttention(n, op.AttentionOptions, op.Masked, in)
		a.backward(c, n, in, out)
	default:
		return false
	}
	return true
}

// attention holds the lengths of one node; see ops.DotProductAttentionOp.
type attention struct {
	ops.AttentionOptions
	batch, steps, places, heads, groups, share, h, hv int

	span    int // queries of a chunk of the forward pass
	rows    int // queries of a block
	ld      int // from row to row of turned keys and values: no power of two, which would crowd the cache
	mask    int // buffer, or -1
	strides [4]int

	random int // buffer of the seed and the step

	hidden, zeros []float32 // what stands in masked places
}

func newAttention(n *graph.Node, o ops.AttentionOptions, masked bool, in []int) *attention {
	q, k, v := n.In[0].Shape(), n.In[1].Shape(), n.In[2].Shape()
	a := &attention{AttentionOptions: o, batch: q[0], steps: q[1], places: k[1], heads: q[2], groups: k[2], share: q[2] / k[2], h: q[3], hv: v[3], mask: -1}
	a.rows = min(a.steps, max(16, attentionBlock/a.places/8*8))
	a.span = min(a.steps, max(1, attentionSpan/a.places/a.rows)*a.rows)
	a.ld = a.places + 16
	if o.Dropout > 0 {
		a.random = in[3+btoi(masked)]
	}
	if masked {
		a.mask = in[3]
		a.hidden, a.zeros = make([]float32, a.places), make([]float32, a.places)
		kernel.Fill(a.hidden, ops.MaskedScore)
		s := n.In[3].Shape()
		stride := 1
		for i, at := len(s)-1, 3; i >= 0; i, at = i-1, at-1 {
			if s[i] > 1 {
				a.strides[at] = stride
			}
			stride *= s[i]
		}
	}
	return a
}

// of returns where the features of a step and a head begin.
func of(x []float32, b, step, head, steps, heads, features int) []float32 {
	return x[((b*steps+step)*heads+head)*features:]
}

// products are the matrix products of a block.
func (a *attention) scoresGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.places, K: a.h, LdA: a.heads * a.h, LdB: a.ld, LdC: a.places}
}

func (a *attention) valuesGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.hv, K: a.places, LdA: a.places, LdB: a.groups * a.hv, LdC: a.heads * a.hv}
}

// seen returns how many places, from the first, the queries of a block see at most.
func (a *attention) seen(from, rows int) int {
	if a.onlyCausal() {
		return min(a.places, from+rows)
	}
	return a.places
}

// onlyCausal reports whether each query sees one place more than the one before.
func (a *attention) onlyCausal() bool { return a.Causal && a.mask < 0 }

// turned stores the transpose of a group's key or value, (features, places) with rows ld apart.
func (a *attention) turned(dst, x []float32, b, group, features int) {
	kernel.Transpose(dst, a.ld, of(x, b, 0, group, a.places, a.groups, features), a.groups*features, a.places, features)
}

// scores computes the scores of a block with turned keys and returns the factor by which they are still to be multiplied; those that a mask hides are MaskedScore.
func (a *attention) scores(f *run.Frame, in []int, b, head, from, rows int, s, keys, scratch []float32) (scale float32) {
	g := a.scoresGemm()
	g.M, g.N = rows, a.seen(from, rows)
	g.Run(s, of(f.F32[in[0]], b, from, head, a.steps, a.heads, a.h), keys, scratch)
	if a.mask < 0 {
		return float32(a.Scale)
	}
	kernel.MulScalar(s[:rows*a.places], s[:rows*a.places], float32(a.Scale))
	for r := range rows {
		a.hide(f, s[r*a.places:][:a.places], b, head, from+r, a.hidden)
	}
	return 1
}

// eachRow calls do for all rows of a block at once or, where each sees another number of places, for one after the other, after which it clears what is not
// seen in the matrices.
func (a *attention) eachRow(from, rows int, do func(row, rows, places int), matrices ...[]float32) {
	if !a.onlyCausal() {
		do(0, rows, a.places)
		return
	}
	for r := range rows {
		places := min(a.places, from+r+1)
		do(r, 1, places)
		for _, m := range matrices {
			clear(m[r*a.places+places:][:a.places-places])
		}
	}
}

// hide copies to the places of a row of scores, those of query t, that are masked what stands there in other.
func (a *attention) hide(f *run.Frame, row []float32, b, head, t int, other []float32) {
	if a.Causal && t+1 < len(row) {
		copy(row[t+1:], other)
	}
	if a.mask < 0 {
		return
	}
	m := f.F32[a.mask][b*a.strides[0]+head*a.strides[1]+t*a.strides[2]:]
	switch {
	case a.strides[3] != 0:
		kernel.Where(row, m[:len(row)], row, other)
	case m[0] == 0:
		copy(row, other)
	}
}

func (a *attention) forward(c *compiler, n *graph.Node, in, out []int) {
	s := step(n)
	spans := (a.steps + a.span - 1) / a.span
	units := a.batch * a.heads * spans
	per := max(1, minWork/4/(a.span*a.places*(a.h+a.hv)+1))
	scores, values := a.scoresGemm(), a.valuesGemm()
	s.Chunks = (units + per - 1) / per
	s.FLOPs = 2 * int64(a.batch) * int64(a.heads) * int64(a.steps) * int64(a.places) * int64(a.h+a.hv)
	turned, size := a.h*a.ld, a.rows*(a.places+2)+a.dropSize()
	s.Scratch = turned + size + max(scores.ScratchSize(), values.ScratchSize())
	stats := out[1]
	if !c.used(graph.Value{Node: n, Index: 1}) {
		stats = -1
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		for u := chunk * per; u < min((chunk+1)*per, units); u++ {
			b, head, from := u/spans/a.heads, u/spans%a.heads, u%spans*a.span
			keys, mem, rest := scratch[:turned], scratch[turned:][:size], scratch[turned+size:]
			a.turned(keys, f.F32[in[1]], b, head/a.share, a.h)
			for end := min(from+a.span, a.steps); from < end; from += a.rows {
				a.block(f, in, out[0], stats, b, head, from, keys, mem, rest)
			}
		}
	}
	c.emit(s, out, in)
}

// block computes the result of a block of queries.
func (a *attention) block(f *run.Frame, in []int, out, kept, b, head, from int, keys, mem, scratch []float32) {
	rows := min(a.rows, a.steps-from)
	s, stats, drop := mem[:a.rows*a.places], mem[a.rows*a.places:], mem[a.rows*(a.places+2):]
	if kept >= 0 {
		stats = f.F32[kept][((b*a.heads+head)*a.steps+from)*2:]
	}
	scale := a.scores(f, in, b, head, from, rows, s, keys, scratch)
	a.eachRow(from, rows, func(r, rows, places int) {
		kernel.AttentionWeights(s[r*a.places:], stats[2*r:], scale, rows, places)
	}, s)
	if a.ZeroMasked {
		a.hideBlind(f, stats, s, b, head, from, rows)
	}
	if a.Dropout > 0 {
		a.factors(f, drop, b, head, from, rows)(s)
	}
	g := a.valuesGemm()
	g.M, g.K = rows, a.seen(from, rows)
	y := of(f.F32[out], b, from, head, a.steps, a.heads, a.hv)
	g.Run(y, s, of(f.F32[in[2]], b, 0, head/a.share, a.places, a.groups, a.hv), scratch)
	for r := range rows {
		row := y[r*a.heads*a.hv:][:a.hv]
		kernel.MulScalar(row, row, stats[2*r+1])
	}
}

// dropSize is the memory for the random numbers of a block, which are drawn four at a time.
func (a *attention) dropSize() int {
	if a.Dropout == 0 {
		return 0
	}
	return a.rows*a.places + 3
}

// factors draws the random numbers of a block and returns what multiplies the block's weights by 0, or by 1/(1-Dropout).
func (a *attention) factors(f *run.Frame, u []float32, b, head, from, rows int) (multiply func(x []float32)) {
	at := ((b*a.heads+head)*a.steps + from) * a.places
	size := rows * a.places
	uniform(f, a.random, a.Stream, u[:size+at%4], at/4)
	u = u[at%4:][:size]
	kernel.GreaterEqualScalar(u, u, float32(a.Dropout))
	kernel.MulScalar(u, u, float32(1/(1-a.Dropout)))
	return func(x []float32) { kernel.Mul(x[:size], x[:size], u) }
}

// hideBlind takes the weights of masked places from queries that see nothing else.
func (a *attention) hideBlind(f *run.Frame, stats, s []float32, b, head, from, rows int) {
	for r := range rows {
		if stats[2*r] == ops.MaskedScore {
			a.hide(f, s[r*a.places:][:a.places], b, head, from+r, a.zeros)
		}
	}
}
