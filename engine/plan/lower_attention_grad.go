package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
)

// backward lowers the gradient: a chunk takes all queries of the heads that share a key, block after block.
func (a *attention) backward(c *compiler, n *graph.Node, in, out []int) {
	s := step(n)
	units := a.batch * a.groups
	per := max(1, minWork/8/(a.steps*a.share*a.places*(a.h+a.hv)+1))
	if a.batch >= enoughSamples {
		per = max(per, a.groups)
	}
	s.Chunks = (units + per - 1) / per
	s.FLOPs = 2 * int64(a.batch) * int64(a.heads) * int64(a.steps) * int64(a.places) * int64(3*a.h+2*a.hv)
	turned, size := (a.h+a.hv)*a.ld, 2*a.rows*a.places+a.dropSize()
	for _, g := range []kernel.Gemm{a.scoresGemm(), a.weightsGemm(), a.valueGradGemm(), a.queryGradGemm(), a.keyGradGemm()} {
		s.Scratch = max(s.Scratch, turned+size+g.ScratchSize())
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		for u := chunk * per; u < min((chunk+1)*per, units); u++ {
			b, group := u/a.groups, u%a.groups
			keys, mem, rest := scratch[:turned], scratch[turned:][:size], scratch[turned+size:]
			keys, values := keys[:a.h*a.ld], keys[a.h*a.ld:]
			a.turned(keys, f.F32[in[1]], b, group, a.h)
			a.turned(values, f.F32[in[2]], b, group, a.hv)
			first := true
			for head := group * a.share; head < (group+1)*a.share; head++ {
				for from := 0; from < a.steps; from += a.rows {
					a.blockGrad(f, in, out, b, head, from, first, keys, values, mem, rest)
					first = false
				}
			}
		}
	}
	c.emit(s, out, in)
}

// weightsGemm is dy·vᵀ, valueGradGemm pᵀ·dy, queryGradGemm ds·k, keyGradGemm dsᵀ·q.
func (a *attention) weightsGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.places, K: a.hv, LdA: a.heads * a.hv, LdB: a.ld, LdC: a.places}
}

func (a *attention) valueGradGemm() kernel.Gemm {
	return kernel.Gemm{M: a.places, N: a.hv, K: a.rows, LdA: a.places, LdB: a.heads * a.hv, LdC: a.groups * a.hv, TransA: true}
}

func (a *attention) queryGradGemm() kernel.Gemm {
	return kernel.Gemm{M: a.rows, N: a.h, K: a.places, LdA: a.places, LdB: a.groups * a.h, LdC: a.heads * a.h}
}

func (a *attention) keyGradGemm() kernel.Gemm {
	return kernel.Gemm{M: a.places, N: a.h, K: a.rows, LdA: a.places, LdB: a.heads * a.h, LdC: a.groups * a.h, TransA: true}
}

// blockGrad adds what a block of queries gives to the gradients of key and value,
// or stores it when it is the first, and stores the gradient of the queries.
func (a *attention) blockGrad(f *run.Frame, in, out []int, b, head, from int, first bool, keys, values, mem, scratch []float32) {
	rows := min(a.rows, a.steps-from)
	seen := a.seen(from, rows)
	p, d, drop := mem[:a.rows*a.places], mem[a.rows*a.places:][:a.rows*a.places], mem[2*a.rows*a.places:]
	n := len(in)
	query := of(f.F32[in[0]], b, from, head, a.steps, a.heads, a.h)
	key := of(f.F32[in[1]], b, 0, head/a.share, a.places, a.groups, a.h)
	stats := f.F32[in[n-2]][((b*a.heads+head)*a.steps+from)*2:]
	dy := of(f.F32[in[n-1]], b, from, head, a.steps, a.heads, a.hv)

	scale := a.scores(f, in, b, head, from, rows, p, keys, scratch)
	g := a.weightsGemm()
	g.M, g.N = rows, seen
	g.Run(d, dy, values, scratch)
	thin := func([]float32) {}
	if a.Dropout > 0 {
		thin = a.factors(f, drop, b, head, from, rows)
		thin(d)
	}
	a.eachRow(from, rows, func(r, rows, places int) {
		kernel.AttentionGrad(p[r*a.places:], d[r*a.places:], stats[2*r:], scale, float32(a.Scale), rows, places)
	}, p, d)
	if a.mask >= 0 {
		for r := range rows {
			if stats[2*r] == ops.MaskedScore { // nothing to see
				clear(d[r*a.places:][:a.places])
			}
		}
		if a.ZeroMasked {
			a.hideBlind(f, stats, p, b, head, from, rows)
		}
	}

	thin(p)
	dkey := of(f.F32[out[1]], b, 0, head/a.share, a.places, a.groups, a.h)
	dvalue := of(f.F32[out[2]], b, 0, head/a.share, a.places, a.groups, a.hv)
	if first {
		for s := seen; s < a.places; s++ {
			clear(dkey[s*a.groups*a.h:][:a.h])
			clear(dvalue[s*a.groups*a.hv:][:a.hv])
		}
	}
	g = a.valueGradGemm()
	g.M, g.K, g.Accumulate = seen, rows, !first
	g.Run(dvalue, p, dy, scratch)
	g = a.keyGradGemm()
	g.M, g.K, g.Accumulate = seen, rows, !first
	g.Run(dkey, d, query, scratch)
	g = a.queryGradGemm()
	g.M, g.K = rows, seen
	g.Run(of(f.F32[out[0]], b, from, head, a.steps, a.heads, a.h), d, key, scratch)
}
