package kernel

// Panels is the number of panels that op(B) has when it is copied as a whole.
func (g *Gemm) Panels() int { return (g.N + panelN - 1) / panelN }

// PackPanels copies panels [from, to) of op(B) to where RunPacked reads them: dst, of K·N numbers, holds panels of panelN columns (the last one has those that
// are left), one after another, each [K][columns]. Products whose rows are shared out share the copy.
func (g *Gemm) PackPanels(dst, b []float32, from, to int) {
	n, end := from*panelN, min(to*panelN, g.N)
	if n < end && g.K > 0 {
		g.packB(dst[n*g.K:], b, 0, n, g.K, end-n)
	}
}

// PackedScratch is the number of float32s that RunPacked needs as scratch.
func (g *Gemm) PackedScratch() int {
	if g.packsA() {
		return blockM * (g.depth() + padA)
	}
	return 0
}

// RunPacked computes the product as Run does, with the panels of B that PackPanels made. Ahead is memory that the caller will read or write next, such as the
// weights whose gradient this is: while the product is computed, it is brought into the second-level cache, as far as time allows; what is left is returned. The list is changed.
func (g *Gemm) RunPacked(c, a, panels, scratch []float32, ahead [][]float32) [][]float32 {
	most := g.depth()
	packsA := g.packsA()
	for k := 0; k < max(g.K, 1); k += max(most, 1) {
		depth := min(most, g.K-k)
		for m := 0; m < g.M; m += blockM {
			p := Brgemm{M: min(blockM, g.M-m), K: depth, NB: 1, LdA: g.LdA, LdB: g.LdB, LdC: g.LdC, Accumulate: g.Accumulate || k > 0}
			from := g.blockA(&p, a, scratch, m, k, packsA)
			for j := 0; j < g.N; j += panelN {
				p.N = min(panelN, g.N-j)
				p.LdB, p.Bias = p.N, g.bias(k, j)
				p.ahead, ahead = nextAhead(ahead, p.K*((p.M+11)/12)) // a line for each k of a tile of 12 rows
				p.run(c[m*g.LdC+j:], from, panels[j*g.K+k*p.N:], g.TransA)
			}
		}
	}
	return ahead
}

// nextAhead cuts off what a number of lines holds.
func nextAhead(ahead [][]float32, lines int) (next []float32, rest [][]float32) {
	if len(ahead) == 0 {
		return nil, nil
	}
	next = ahead[0]
	if n := 16 * lines; n < len(next) {
		ahead[0] = next[n:]
		return next, ahead
	}
	return next, ahead[1:]
}
