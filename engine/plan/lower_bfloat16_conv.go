package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// pairForward returns the convolution of pairs of bfloat16 numbers for an image and
// weights that are rounded, or nil.
func (c *compiler) pairForward(k *kernel.Conv2D, x, w graph.Value) *kernel.PairConv {
	if c.serial || !isBFloat16(x, 0) || !isBFloat16(w, 0) {
		return nil
	}
	return kernel.NewPairForward(*k)
}

// packPairWeights adds the step that makes pairs of weights and returns their buffer.
func (c *compiler) packPairWeights(n *graph.Node, p *kernel.PairConv, weights int) int {
	packed := c.temp(tensor.Float32, p.PackedWeightsSize())
	s := run.Step{Name: "Pack BFloat16", Scope: n.Scope}
	s.Run = func(f *run.Frame, _ int, _ []float32) { p.PackWeights(f.F32[packed], f.F32[weights]) }
	c.emit(s, []int{packed}, []int{weights})
	return packed
}

// pairs returns the gradients of pairs, each of them nil where it is not wanted, its
// operands are not rounded, or it would not be faster.
func (g *convGrad) pairs() (dx, dw *kernel.PairConv) {
	if g.c.serial || !g.rounded {
		return nil, nil
	}
	if g.dx >= 0 && isBFloat16(g.weights, 0) {
		dx = kernel.NewPairInput(*g.k)
	}
	if g.dw >= 0 && isBFloat16(g.input, 0) {
		dw = kernel.NewPairWeight(*g.k)
	}
	return dx, dw
}

// tiled reports whether all wanted gradients are computed with AMX, which is faster
// than leaving out what is zero.
func (g *convGrad) tiled() bool {
	if !kernel.HasTiles() {
		return false
	}
	dx, dw := g.pairs()
	return (dx != nil || g.dx < 0) && (dw != nil || g.dw < 0)
}
