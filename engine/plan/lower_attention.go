package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// attentionBlock is how many scores a block of queries has at most: they, and the
// key and value of the head, stay in the second-level cache.
const attentionBlock = 1 << 16

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
		a := newAttention(n, op.AttentionOptions, len(n.In) == 4, in)
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

	rows    int // queries of a block
	mask    int // buffer, or -1
	strides [4]int
}

func newAttention(n *graph.Node, o ops.AttentionOptions, masked bool, in []int) *attention {
	q, k, v := n.In[0].Shape(), n.In[1].Shape(), n.In[2].Shape()
	a := &attention{AttentionOptions: o, batch: q[0], steps: q[1], places: k[1], heads: q[2], groups: k[2], share: q[2] / k[2], h: q[3], hv: v[3], mask: -1}
	a.rows = min(a.steps, max(8, attentionBlock/a.places/8*8))
	if masked {
		a.mask = in[3]
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

// blocks is how many blocks of queries a head has.
func (a *attention) blocks() int { return (a.steps + a.rows - 1) / a.rows }

// of returns where the features of a step and a head begin.
func of(x []float32, b, step, head, steps, heads, features int) []float32 {
	return x[((b*steps+step)*heads+head)*features:]
}

// products are the matrix products of a block.
func (a *attention) scoresGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.places, K: a.h, LdA: a.h, LdB: a.groups * a.h, LdC: a.places, TransB: true}
}

func (a *attention) valuesGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.hv, K: a.places, LdA: a.places, LdB: a.groups * a.hv, LdC: a.heads * a.hv}
}

// scores computes the scaled queries of a block and their scores, masked ones
// included.
func (a *attention) scores(f *run.Frame, in []int, b, head, from, rows int, q, s, scratch []float32) {
	for r := range rows {
		kernel.MulScalar(q[r*a.h:][:a.h], of(f.F32[in[0]], b, from+r, head, a.steps, a.heads, a.h), float32(a.Scale))
	}
	g := a.scoresGemm()
	g.M = rows
	g.Run(s, q, of(f.F32[in[1]], b, 0, head/a.share, a.places, a.groups, a.h), scratch)
	for r := range rows {
		row := s[r*a.places:][:a.places]
		a.hide(f, row, b, head, from+r, ops.MaskedScore)
	}
}

// hide stores v in the places of a row of scores, those of query t, that are masked.
func (a *attention) hide(f *run.Frame, row []float32, b, head, t int, v float32) {
	if a.Causal && t+1 < len(row) {
		kernel.Fill(row[t+1:], v)
	}
	if a.mask < 0 {
		return
	}
	m := f.F32[a.mask][b*a.strides[0]+head*a.strides[1]+t*a.strides[2]:]
	if a.strides[3] == 0 {
		if m[0] == 0 {
			kernel.Fill(row, v)
		}
		return
	}
	for i, open := range m[:len(row)] {
		if open == 0 {
			row[i] = v
		}
	}
}

func (a *attention) forward(c *compiler, n *graph.Node, in, out []int) {
	s := step(n)
	blocks := a.blocks()
	units := a.batch * a.heads * blocks
	per := max(1, minWork/4/(a.rows*a.places*(a.h+a.hv)+1))
	scores, values := a.scoresGemm(), a.valuesGemm()
	s.Chunks = (units + per - 1) / per
	s.FLOPs = 2 * int64(a.batch) * int64(a.heads) * int64(a.steps) * int64(a.places) * int64(a.h+a.hv)
	size := a.rows * (a.places + a.h)
	s.Scratch = size + max(scores.ScratchSize(), values.ScratchSize())
	stats := out[1]
	if !c.used(graph.Value{Node: n, Index: 1}) {
		stats = -1
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		for u := chunk * per; u < min((chunk+1)*per, units); u++ {
			b, head, from := u/blocks/a.heads, u/blocks%a.heads, u%blocks*a.rows
			a.block(f, in, out[0], stats, b, head, from, scratch[:size], scratch[size:])
		}
	}
	c.emit(s, out, in)
}

// block computes the result of a block of queries.
func (a *attention) block(f *run.Frame, in []int, out, stats int, b, head, from int, mem, scratch []float32) {
	rows := min(a.rows, a.steps-from)
	s, q := mem[:a.rows*a.places], mem[a.rows*a.places:]
	a.scores(f, in, b, head, from, rows, q, s, scratch)
	weights := q[:rows] // one over the sums; the queries are no longer needed
	for r := range rows {
		row := s[r*a.places:][:a.places]
		top := kernel.MaxOf(row)
		w := 1 / kernel.ExpSub(row, row, top)
		weights[r] = w
		if stats >= 0 {
			at := ((b*a.heads+head)*a.steps + from + r) * 2
			f.F32[stats][at], f.F32[stats][at+1] = top, w
		}
		if a.ZeroMasked && top == ops.MaskedScore {
			a.hide(f, row, b, head, from+r, 0)
		}
	}
	g := a.valuesGemm()
	g.M = rows
	y := of(f.F32[out], b, from, head, a.steps, a.heads, a.hv)
	g.Run(y, s, of(f.F32[in[2]], b, 0, head/a.share, a.places, a.groups, a.hv), scratch)
	for r := range rows {
		row := y[r*a.heads*a.hv:][:a.hv]
		kernel.MulScalar(row, row, weights[r])
	}
}

func (a *attention) backward(c *compiler, n *graph.Node, in, out []int) {
	s := step(n)
	units := a.batch * a.groups
	per := max(1, minWork/8/(a.steps*a.share*a.places*(a.h+a.hv)+1))
	s.Chunks = (units + per - 1) / per
	s.FLOPs = 2 * int64(a.batch) * int64(a.heads) * int64(a.steps) * int64(a.places) * int64(3*a.h+2*a.hv)
	scores, weights := a.scoresGemm(), a.weightsGemm()
	size := a.rows * (2*a.places + a.h)
	s.Scratch = size + max(scores.ScratchSize(), weights.ScratchSize())
	for _, g := range []kernel.Gemm{a.valueGradGemm(), a.queryGradGemm(), a.keyGradGemm()} {
		s.Scratch = max(s.Scratch, size+g.ScratchSize())
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		for u := chunk * per; u < min((chunk+1)*per, units); u++ {
			b, group := u/a.groups, u%a.groups
			first := true
			for head := group * a.share; head < (group+1)*a.share; head++ {
				for from := 0; from < a.steps; from += a.rows {
					a.blockGrad(f, in, out, b, head, from, first, scratch[:size], scratch[size:])
					first = false
				}
			}
		}
	}
	c.emit(s, out, in)
}

// weightsGemm is dy·vᵀ, valueGradGemm pᵀ·dy, queryGradGemm ds·k, keyGradGemm dsᵀ·q.
func (a *attention) weightsGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.places, K: a.hv, LdA: a.heads * a.hv, LdB: a.groups * a.hv, LdC: a.places, TransB: true}
}

func (a *attention) valueGradGemm() kernel.Gemm {
	return kernel.Gemm{M: a.places, N: a.hv, K: a.rows, LdA: a.places, LdB: a.heads * a.hv, LdC: a.groups * a.hv, TransA: true}
}

func (a *attention) queryGradGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.h, K: a.places, LdA: a.places, LdB: a.groups * a.h, LdC: a.heads * a.h}
}

func (a *attention) keyGradGemm() kernel.Gemm {
	return kernel.Gemm{M: a.places, N: a.h, K: a.rows, LdA: a.places, LdB: a.h, LdC: a.groups * a.h, TransA: true}
}

// blockGrad adds what a block of queries gives to the gradients of key and value,
// or stores it when it is the first, and stores the gradient of the queries.
func (a *attention) blockGrad(f *run.Frame, in, out []int, b, head, from int, first bool, mem, scratch []float32) {
	rows := min(a.rows, a.steps-from)
	p, dp, q := mem[:a.rows*a.places], mem[a.rows*a.places:][:a.rows*a.places], mem[2*a.rows*a.places:]
	n := len(in)
	y := of(f.F32[in[n-3]], b, from, head, a.steps, a.heads, a.hv)
	dy := of(f.F32[in[n-1]], b, from, head, a.steps, a.heads, a.hv)
	key := of(f.F32[in[1]], b, 0, head/a.share, a.places, a.groups, a.h)
	value := of(f.F32[in[2]], b, 0, head/a.share, a.places, a.groups, a.hv)
	a.scores(f, in, b, head, from, rows, q, p, scratch)

	g := a.weightsGemm()
	g.M = rows
	g.Run(dp, dy, value, scratch)
	stats := f.F32[in[n-2]][((b*a.heads+head)*a.steps+from)*2:]
	for r := range rows {
		row, d := p[r*a.places:][:a.places], dp[r*a.places:][:a.places]
		top, w := stats[2*r], stats[2*r+1]
		kernel.ExpSub(row, row, top)
		kernel.MulScalar(row, row, w)
		if top == ops.MaskedScore { // nothing to see
			kernel.Fill(d, 0)
			if a.ZeroMasked {
				a.hide(f, row, b, head, from+r, 0)
			}
			continue
		}
		at := r * a.heads * a.hv
		kernel.SubScalar(d, d, kernel.Dot(dy[at:][:a.hv], y[at:][:a.hv]))
		kernel.Mul(d, d, row)
	}
	g = a.valueGradGemm()
	g.K, g.Accumulate = rows, !first
	g.Run(of(f.F32[out[2]], b, 0, head/a.share, a.places, a.groups, a.hv), p, dy, scratch)
	g = a.keyGradGemm()
	g.K, g.Accumulate = rows, !first
	g.Run(of(f.F32[out[1]], b, 0, head/a.share, a.places, a.groups, a.h), dp, q, scratch) // q is scaled
	g = a.queryGradGemm()
	g.M = rows
	dq := of(f.F32[out[0]], b, from, head, a.steps, a.heads, a.h)
	g.Run(dq, dp, key, scratch)
	for r := range rows {
		row := dq[r*a.heads*a.h:][:a.h]
		kernel.MulScalar(row, row, float32(a.Scale))
	}
}
