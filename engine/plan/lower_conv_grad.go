package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// convGrad makes the steps of a convolution's gradients.
type convGrad struct {
	c          *compiler
	n          *graph.Node
	k          *kernel.Conv2D
	batch      int
	x, w       int         // buffers, as far as needed
	input      graph.Value // as far as needed
	weights    graph.Value // as far as needed
	rounded    bool        // the output's gradient may be rounded to bfloat16
	dx, dw, db int         // buffers of the wanted gradients; -1: not wanted
	own        int         // float32s of scratch in which the output's gradient of a sample is made
}

// gradFunc returns the gradient (n, Ho, Wo, Cout) of the outputs of n samples from i on, made in scratch or elsewhere.
type gradFunc func(f *run.Frame, i, n int, scratch []float32) []float32

// stored returns gradients that a buffer holds.
func (g *convGrad) stored(buffer int) gradFunc {
	yn := g.k.Ho * g.k.Wo * g.k.Cout
	return func(f *run.Frame, i, n int, _ []float32) []float32 { return f.F32[buffer][i*yn : (i+n)*yn] }
}

// ownBudget is about the number of float32s of gradients that are made in scratch at once, where several samples are worked on together.
const ownBudget = 64 << 10

// emit adds up to three steps: weights are packed for dX; lanes of samples make
// dX and partial dW and db; the partial sums are added in order. grad reads the given buffers.
func (g *convGrad) emit(reads []int, grad gradFunc) {
	c, k := g.c, g.k
	sampled := append(slices.Clone(reads), g.dx)
	lanes := min(g.batch, maxLanes)
	packed, parts := -1, -1
	var writes []int
	wn := k.KH * k.KW * k.Cin / k.Groups * k.Cout
	size := 0 // float32s of one lane's partial sums: dW, then db
	scratch := k.ScratchSize()
	var fast *kernel.Winograd  // for dX, which is a convolution with rotated weights if the stride is 1
	var fastW *kernel.Winograd // for dW
	group := 1                 // samples that are worked on together
	pairsX, pairsW := g.pairs()
	if g.dx >= 0 {
		rotated := c.temp(tensor.Float32, k.PackedWeightsSize())
		s := run.Step{Name: "PackWeights", Scope: g.n.Scope}
		w := g.w
		s.Run = func(f *run.Frame, _ int, _ []float32) { k.PackWeights(f.F32[rotated], f.F32[w]) }
		c.emit(s, []int{rotated}, []int{g.w})
		packed = rotated
		if dual, ok := k.Dual(); ok && (pairsX == nil || !kernel.HasTiles()) {
			if fast = c.winograd(&dual, g.batch, g.weights); fast != nil {
				packed = c.packWinograd(g.n, fast, rotated, wn)
				scratch = max(scratch, fast.ScratchSize())
			}
		}
		if fast != nil {
			pairsX = nil
		}
		if pairsX != nil {
			packed = c.packPairWeights(g.n, pairsX, rotated)
			scratch = max(scratch, pairsX.ScratchSize())
		}
		reads = append(reads, packed)
		writes = append(writes, g.dx)
	}
	if g.dw >= 0 {
		reads = append(reads, g.x)
		size += wn
		fastW = c.winogradWeights(k, pairsW)
		switch {
		case fastW != nil:
			pairsW = nil
			scratch = max(scratch, fastW.BackwardWeightScratch())
			group = (g.batch + lanes - 1) / lanes
			if g.own > 0 {
				group = max(1, min(group, ownBudget/g.own))
			}
		case pairsW != nil:
			scratch = max(scratch, pairsW.BackwardScratch())
		}
	}
	if g.db >= 0 {
		size += k.Cout
	}
	if size > 0 {
		parts = c.temp(tensor.Float32, lanes, size)
		writes = append(writes, parts)
	}
	samples := 0
	if size == 0 { // nothing is summed: the chunks are those of other steps
		samples, lanes = perChunk(g.batch, 32)
	}
	s := step(g.n)
	if fast != nil || fastW != nil {
		s.Name += " (Winograd)"
	}
	if pairsX != nil || pairsW != nil {
		s.Name += " (BFloat16)"
	}
	s.Chunks, s.Samples = lanes, samples
	s.Scratch = scratch + group*g.own
	s.FLOPs = convFLOPs(g.batch, k) * int64(btoi(g.dx >= 0)+btoi(g.dw >= 0))
	xn, yn := k.H*k.W*k.Cin, k.Ho*k.Wo*k.Cout
	gg := *g
	s.Run = func(f *run.Frame, lane int, scratch []float32) {
		own, scratch := scratch[:group*gg.own], scratch[group*gg.own:]
		var part []float32
		if parts >= 0 {
			part = image(f.F32[parts], lane, size)
			kernel.Fill(part, 0)
		}
		first, end := lane*gg.batch/lanes, (lane+1)*gg.batch/lanes
		if samples > 0 {
			first, end = lane*samples, min((lane+1)*samples, gg.batch)
		}
		n := 0
		for i := first; i < end; i += n {
			n = min(group, end-i)
			dy := grad(f, i, n, own[:n*gg.own])
			if gg.db >= 0 {
				kernel.SumRows(part[size-k.Cout:], dy, n*k.Ho*k.Wo, k.Cout)
			}
			if fastW != nil {
				fastW.BackwardWeight(part[:wn], f.F32[gg.x][i*xn:], dy, scratch, n)
			}
			for j := range n {
				d := image(dy, j, yn)
				switch {
				case fastW != nil || gg.dw < 0:
				case pairsW != nil:
					pairsW.BackwardWeight(part[:wn], image(f.F32[gg.x], i+j, xn), d, scratch)
				default:
					k.BackwardWeight(part[:wn], image(f.F32[gg.x], i+j, xn), d, scratch)
				}
				switch {
				case gg.dx < 0:
				case fast != nil:
					fast.Forward(image(f.F32[gg.dx], i+j, xn), d, f.F32[packed], scratch)
				case pairsX != nil:
					pairsX.BackwardInput(image(f.F32[gg.dx], i+j, xn), d, f.F32[packed], scratch)
				default:
					k.BackwardInput(image(f.F32[gg.dx], i+j, xn), d, f.F32[packed], scratch)
				}
			}
		}
	}
	c.emitSampled(s, writes, reads, sampled)
	if g.dw >= 0 {
		c.emitLaneSum(g.n, g.dw, parts, lanes, size, 0)
	}
	if g.db >= 0 {
		c.emitLaneSum(g.n, g.db, parts, lanes, size, size-k.Cout)
	}
}
