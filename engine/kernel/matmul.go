package kernel

// Gemm is one matrix product C[M×N] (+)= op(A)·op(B) of row-major matrices whose rows lie LdA, LdB and LdC elements apart. A is [M][K], or [K][M] with
// TransA; B is [K][N], or [N][K] with TransB. With Accumulate the product is added to C. To share a product among threads, give each
// its own rows or columns of C: the result does not depend on how it is cut as long as K is whole.
type Gemm struct {
	M, N, K        int
	LdA, LdB, LdC  int
	TransA, TransB bool
	Accumulate     bool
	RoundB         bool // B is rounded to bfloat16 as it is copied
}

// Block sizes. A block of B, blockK×blockN, stays in the second-level cache while all rows of A pass by; copied, it lies in panels of panelN columns, each
// about a first-level cache. A block of A is blockM×blockK; padA keeps the rows of its copy in different cache sets.
const (
	blockM = 96
	blockN = 256
	blockK = 256
	panelN = 32
	padA   = 16
)

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
func (g *Gemm) packsA() bool { return g.LdA%1024 == 0 && g.LdA > 0 && g.N > panelN }

// ScratchSize is the number of float32s that Run needs as scratch.
func (g *Gemm) ScratchSize() int {
	size := 0
	if g.TransB || g.RoundB || g.M >= 2*panelN && g.LdB >= 256 { // packsB on whatever instruction set
		size = min(g.K, blockK) * min(g.N, blockN)
	}
	if g.packsA() {
		size += blockM * (blockK + padA)
	}
	return size
}

// Run computes the product. C must not overlap A or B; the contents of scratch do not matter.
func (g *Gemm) Run(c, a, b, scratch []float32) {
	packsA, packsB := g.packsA(), g.packsB()
	var left, right []float32
	if packsB {
		size := min(g.K, blockK) * min(g.N, blockN)
		right, scratch = scratch[:size], scratch[size:]
	}
	if packsA {
		left = scratch[:blockM*(blockK+padA)]
	}
	for n := 0; n < g.N; n += blockN {
		cols := min(blockN, g.N-n)
		for k := 0; k < max(g.K, 1); k += blockK { // once for K = 0, which may have to clear C
			depth := min(blockK, g.K-k)
			if packsB && depth > 0 {
				g.packB(right, b, k, n, depth, cols)
			}
			for m := 0; m < g.M; m += blockM {
				p := Brgemm{M: min(blockM, g.M-m), K: depth, NB: 1, LdA: g.LdA, LdB: g.LdB, LdC: g.LdC, Accumulate: g.Accumulate || k > 0}
				from := a
				switch {
				case depth == 0:
				case packsA:
					from, p.LdA = left, g.packA(left, a, m, k, p.M, depth)
				case g.TransA:
					from = a[k*g.LdA+m:]
				default:
					from = a[m*g.LdA+k:]
				}
				if !packsB {
					p.N = cols
					p.run(c[m*g.LdC+n:], from, b[min(k*g.LdB+n, len(b)):], g.TransA)
					continue
				}
				for j := 0; j < cols; j += panelN {
					p.N = min(panelN, cols-j)
					p.LdB = p.N
					p.run(c[m*g.LdC+n+j:], from, right[j*depth:], g.TransA)
				}
			}
		}
	}
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
		if g.TransB {
			Transpose(panel, width, b[(n+j)*g.LdB+k:], g.LdB, width, depth)
		} else {
			for i := range depth {
				copy(panel[i*width:][:width], b[(k+i)*g.LdB+n+j:])
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
