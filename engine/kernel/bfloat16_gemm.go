package kernel

// A pair is two neighbouring numbers of a sum, rounded to bfloat16, in the place of one float32: the first one in the lower half. A product of matrices of
// pairs, [M][K/2]·[K/2][N], has the shape of a product of float32s (Brgemm with Pairs), so that the loops around it are the same; each of its elements stands
// for two multiplications.

// PairGemm is a product C[M×N] = op(A)·op(B) of matrices that are rounded to bfloat16 when they are packed, summed in float32. A, B, LdA, LdB, TransA and
// TransB are those of Gemm. Each matrix is packed once, in parts that several threads can share, and then read by as many calls of Run as C has areas.
type PairGemm struct {
	M, N, K        int
	LdA, LdB       int
	TransA, TransB bool
	Accumulate     bool // the product is added to C
}

// FastBFloat16 reports whether products of pairs are faster than those of float32s, packing included. It is a property of the instruction set in use.
func FastBFloat16() bool { return active.fastPairs }

// pairs is the length of sums in pairs; the last one may be half empty.
func (g *PairGemm) pairs() int { return (g.K + 1) / 2 }

// stored reports whether a transposed A is kept as it is stored, (K/2, M).
func (g *PairGemm) stored() bool { return g.TransA && !active.tiles }

// ldA is the distance of rows of the packed A: such that they lie in different sets of the first-level cache.
func (g *PairGemm) ldA() int {
	n := g.pairs()
	if g.stored() {
		n = g.M
	}
	if n%512 == 0 {
		n += padA
	}
	return n
}

// SizeA is the number of float32s that PackA writes.
func (g *PairGemm) SizeA() int {
	if g.stored() {
		return g.pairs() * g.ldA()
	}
	return g.M * g.ldA()
}

// SizeB is the number of float32s that PackB writes.
func (g *PairGemm) SizeB() int { return g.pairs() * g.N }

// Parts of the matrices: about so many numbers for a part of A; some panels for a part of B.
const (
	pairsPart  = 1 << 14
	pairsSide  = 64 // of a block that is transposed
	pairsPanel = 2
)

// unitsA is how many rows of the packed matrix a part of A has.
func (g *PairGemm) unitsA() int {
	switch {
	case g.stored():
		return max(1, pairsPart/2/max(1, g.M))
	case g.TransA:
		return pairsSide
	}
	return max(1, pairsPart/max(1, g.K))
}

// PartsA is the number of parts of A.
func (g *PairGemm) PartsA() int {
	n := g.M
	if g.stored() {
		n = g.pairs()
	}
	return (n + g.unitsA() - 1) / g.unitsA()
}

// PartsB is the number of parts of B.
func (g *PairGemm) PartsB() int { return (g.N + pairsPanel*panelN - 1) / (pairsPanel * panelN) }

// PackScratch is the number of float32s that PackA and PackB need as scratch.
func (g *PairGemm) PackScratch() int { return max(pairsSide*pairsSide, panelN*g.pairs()) }

// PackA writes one part of op(A) to where Run reads it: dst, of SizeA elements.
func (g *PairGemm) PackA(dst, a, scratch []float32, part int) {
	ld, lo := g.ldA(), part*g.unitsA()
	switch {
	case g.stored():
		for k := lo; k < min(lo+g.unitsA(), g.pairs()); k++ {
			g.mixRows(dst[k*ld:][:g.M], a, g.LdA, k)
		}
	case g.TransA:
		width := min(pairsSide, g.M-lo)
		for k := 0; k < g.pairs(); k += pairsSide {
			depth := min(pairsSide, g.pairs()-k)
			for i := range depth {
				g.mixRows(scratch[i*pairsSide:][:width], a[lo:], g.LdA, k+i)
			}
			active.transpose(dst[lo*ld+k:], ld, scratch, pairsSide, depth, width)
		}
	default:
		for i := lo; i < min(lo+g.unitsA(), g.M); i++ {
			active.packPairs(dst[i*ld:][:g.pairs()], a[i*g.LdA:][:g.K])
		}
	}
}

// mixRows makes the pairs of rows 2k and 2k+1 of a matrix with K rows.
func (g *PairGemm) mixRows(dst, x []float32, ld, k int) {
	if 2*k+1 < g.K {
		active.mixPairs(dst, x[2*k*ld:][:len(dst)], x[(2*k+1)*ld:][:len(dst)])
		return
	}
	for i, v := range x[2*k*ld:][:len(dst)] {
		dst[i] = pair(v, 0)
	}
}

// PackB writes one part of op(B) to where Run reads it: dst, of SizeB elements, holds panels of panelN columns (the last one has those that are left), one
// after another, each [K/2][columns].
func (g *PairGemm) PackB(dst, b, scratch []float32, part int) {
	depth := g.pairs()
	for j := part * pairsPanel * panelN; j < min((part+1)*pairsPanel*panelN, g.N); j += panelN {
		width := min(panelN, g.N-j)
		panel := dst[j*depth:][:depth*width]
		if !g.TransB {
			k := 0
			if width == panelN {
				k = g.K / 2
				active.mixPanel(panel[:k*panelN], b[j:], g.LdB, k)
			}
			for ; k < depth; k++ {
				g.mixRows(panel[k*width:][:width], b[j:], g.LdB, k)
			}
			continue
		}
		for i := range width {
			active.packPairs(scratch[i*depth:][:depth], b[(j+i)*g.LdB:][:g.K])
		}
		if width == panelN {
			active.packPanelT(panel, scratch, depth, depth)
		} else {
			active.transpose(panel, width, scratch, depth, width, depth)
		}
	}
}

// Run computes rows [r, r+m) and columns [q, q+w) of the product into c, whose rows lie ldc apart; q is a multiple of panelN, as is w unless it reaches the
// last column. The result does not depend on how C is cut.
func (g *PairGemm) Run(c []float32, ldc int, a, b []float32, r, m, q, w int) {
	depth, ld := g.pairs(), g.ldA()
	parts := max(1, (depth+blockK-1)/blockK)
	most := (depth + parts - 1) / parts
	for k := 0; k < depth; k += most {
		for i := 0; i < m; i += blockM {
			p := Brgemm{M: min(blockM, m-i), K: min(most, depth-k), NB: 1, LdA: ld, LdC: ldc, Accumulate: g.Accumulate || k > 0, Pairs: true}
			from := a[min(len(a), (r+i)*ld+k):]
			if g.stored() {
				from = a[k*ld+r+i:]
			}
			for j := 0; j < w; j += panelN {
				width := min(panelN, g.N-q-j)
				p.N, p.LdB = min(width, w-j), width
				p.run(c[i*ldc+j:], from, b[(q+j)*depth+k*width:], g.stored())
			}
		}
	}
}
