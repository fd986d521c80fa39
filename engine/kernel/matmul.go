package kernel

// Gemm is one matrix product C[M×N] (+)= op(A)·op(B) of row-major matrices whose rows lie LdA, LdB and LdC elements apart. A is [M][K], or [K][M] with
// TransA; B is [K][N], or [N][K] with TransB. With Accumulate the product is added to C. To share a product among threads, give each
// its own rows or columns of C: the result does not depend on how it is cut as long as K is whole.
type Gemm struct {
	M, N, K        int
	LdA, LdB, LdC  int
	TransA, TransB bool
	Accumulate     bool
	Bias           []float32 // N numbers that are added to each row of the product; not with Accumulate
	RoundB         bool      // B is rounded to bfloat16 as it is copied
}

// Block sizes. A block of B, at most blockK×blockN, stays in the second-level cache while all rows of A pass by, blockM at a time; copied, it lies in panels of
// panelN columns. Longer blocks than blockK would push each other out, shorter ones would read and write C more often. padA keeps the rows of a copied block
// of A in different cache sets.
const (
	blockM = 96
	blockN = 384
	blockK = 512
	panelN = 32
	padA   = 16
)

// depth is the number of products that are summed before C is stored: K in equal parts.
func (g *Gemm) depth() int {
	parts := max(1, (g.K+blockK-1)/blockK)
	return (g.K + parts - 1) / parts
}

// packsB reports whether blocks of B are copied into panels. A transposed B always is; else copying pays if many rows of A use the copy and if rows of B
// far apart would crowd into few sets of the first-level cache (sooner so with the narrower panels of AVX2).
func (g *Gemm) packsB() bool {
	far := 512
	if active.isa == "avx2" {
		far = 256
	}
	return g.TransB || g.RoundB || g.M >= 2*panelN && g.LdB >= far
}

// packsA reports whether blocks of A are copied: rows that are a multiple of 4 KiB apart share a set of the first-level cache and push each other out.
func (g *Gemm) packsA() bool {
	rows, crowd := g.M, 1024
	if g.TransA { // its tiles use but a part of each cache line
		rows, crowd = g.K, 512
	}
	return g.LdA%crowd == 0 && g.LdA > 0 && rows > 8 && g.N > 4*panelN
}

// ScratchSize is the number of float32s that Run needs as scratch.
func (g *Gemm) ScratchSize() int {
	size := 0
	if g.TransB || g.RoundB || g.M >= 2*panelN && g.LdB >= 256 { // packsB on whatever instruction set
		size = g.depth() * min(g.N, blockN)
	}
	if g.packsA() {
		size += blockM * (g.depth() + padA)
	}
	return size
}

// Run computes the product. C must not overlap A or B; the contents of scratch do not matter.
func (g *Gemm) Run(c, a, b, scratch []float32) {
	packsA, packsB, most := g.packsA(), g.packsB(), g.depth()
	var left, right []float32
	if packsB {
		size := most * min(g.N, blockN)
		right, scratch = scratch[:size], scratch[size:]
	}
	if packsA {
		left = scratch[:blockM*(most+padA)]
	}
	for n := 0; n < g.N; n += blockN {
		cols := min(blockN, g.N-n)
		for k := 0; k < max(g.K, 1); k += max(most, 1) { // once for K = 0, which may have to clear C
			depth := min(most, g.K-k)
			if packsB && depth > 0 {
				g.packB(right, b, k, n, depth, cols)
			}
			for m := 0; m < g.M; m += blockM {
				p := Brgemm{M: min(blockM, g.M-m), K: depth, NB: 1, LdA: g.LdA, LdB: g.LdB, LdC: g.LdC, Accumulate: g.Accumulate || k > 0}
				from := g.blockA(&p, a, left, m, k, packsA)
				if !packsB {
					p.N, p.Bias = cols, g.bias(k, n)
					p.run(c[m*g.LdC+n:], from, b[min(k*g.LdB+n, len(b)):], g.TransA)
					continue
				}
				for j := 0; j < cols; j += panelN {
					p.N = min(panelN, cols-j)
					p.LdB, p.Bias = p.N, g.bias(k, n+j)
					p.run(c[m*g.LdC+n+j:], from, right[j*depth:], g.TransA)
				}
			}
		}
	}
}

// blockA returns the block of A that p multiplies: where it is, or copied to scratch with p's rows as far apart as there.
func (g *Gemm) blockA(p *Brgemm, a, scratch []float32, m, k int, packs bool) []float32 {
	switch {
	case p.K == 0:
		return a
	case packs:
		p.LdA = g.packA(scratch, a, m, k, p.M, p.K)
		return scratch
	case g.TransA:
		return a[k*g.LdA+m:]
	}
	return a[m*g.LdA+k:]
}

// bias returns what the product of the inner block from k on adds to the columns from n on.
func (g *Gemm) bias(k, n int) []float32 {
	if k > 0 || g.Bias == nil {
		return nil
	}
	return g.Bias[n:]
}

func (g *Brgemm) run(c, a, b []float32, transA bool) {
	if transA {
		g.TN(c, a, b)
	} else {
		g.NN(c, a, b)
	}
}

// packB copies rows [k, k+depth) and columns [n, n+cols) of op(B) into panels of panelN columns, one after another, each [depth][columns].
func (g *Gemm) packB(dst, b []float32, k, n, depth, cols int) {
	for j := 0; j < cols; j += panelN {
		width := min(panelN, cols-j)
		panel := dst[j*depth:][:depth*width]
		if g.TransB && width == panelN {
			active.packPanelT(panel, b[(n+j)*g.LdB+k:][:(panelN-1)*g.LdB+depth], g.LdB, depth)
		} else if g.TransB {
			Transpose(panel, width, b[(n+j)*g.LdB+k:], g.LdB, width, depth)
		} else {
			src := b[k*g.LdB+n+j:]
			if width == panelN {
				active.packPanel(panel, src[:(depth-1)*g.LdB+panelN], g.LdB, depth)
			} else {
				for i := range depth {
					copy(panel[i*width:][:width], src[i*g.LdB:])
				}
			}
		}
		if g.RoundB {
			BFloat16(panel, panel)
		}
	}
}

// packA copies the block of A that begins at row m and column k of op(A), keeping its order, and returns the distance of its rows.
func (g *Gemm) packA(dst, a []float32, m, k, rows, cols int) (ld int) {
	if g.TransA {
		m, k, rows, cols = k, m, cols, rows
	}
	ld = cols + padA
	if g.TransA {
		ld = cols
	}
	for i := range rows {
		copy(dst[i*ld:][:cols], a[(m+i)*g.LdA+k:])
	}
	return ld
}

// MatMul computes c (m, n) = op(a)·op(b), all densely packed: a is (m, k), or (k, m) with transA; b is (k, n), or (n, k) with transB. scratch has
// MatMulScratch elements.
func MatMul(c, a, b []float32, m, n, k int, transA, transB bool, scratch []float32) {
	g := denseGemm(m, n, k, transA, transB)
	g.Run(c, a, b, scratch)
}

// MatMulScratch is the number of float32s that MatMul needs as scratch.
func MatMulScratch(m, n, k int, transA, transB bool) int {
	g := denseGemm(m, n, k, transA, transB)
	return g.ScratchSize()
}

func denseGemm(m, n, k int, transA, transB bool) Gemm {
	g := Gemm{M: m, N: n, K: k, LdA: k, LdB: n, LdC: n, TransA: transA, TransB: transB}
	if transA {
		g.LdA = m
	}
	if transB {
		g.LdB = k
	}
	return g
}
