package kernel

// Gemm is one matrix product C[M×N] (+)= op(A)·op(B) of row-major matrices whose rows lie LdA, LdB and LdC elements apart. A is [M][K], or [K][M] with
// TransA; B is [K][N], or [N][K] with TransB. With Accumulate the product is added to C. To share a product among threads, give each
// its own rows or columns of C: the result does not depend on how it is cut as long as K is whole.
type Gemm struct {
	M, N, K        int
	LdA, LdB, LdC  int
	TransA, TransB bool
	Accumulate     bool
}

// Block sizes: a block of B, blockK×blockN floats, is what one pass over the rows of A reads again and again.
const (
	blockK = 256
	blockN = 256
)

// ScratchSize is the number of float32s that Run needs as scratch.
func (g *Gemm) ScratchSize() int {
	if g.TransB {
		return min(g.K, blockK) * min(g.N, blockN)
	}
	return 0
}

// Run computes the product. C must not overlap A or B; the contents of scratch do not matter.
func (g *Gemm) Run(c, a, b, scratch []float32) {
	m := Brgemm{M: g.M, NB: 1, LdA: g.LdA, LdC: g.LdC}
	for n := 0; n < g.N; n += blockN {
		m.N = min(blockN, g.N-n)
		m.Accumulate = g.Accumulate
		for k := 0; k < max(g.K, 1); k += blockK { // once for K = 0, which may have to clear C
			m.K = min(blockK, g.K-k)
			left := k
			if g.TransA {
				left = k * g.LdA
			}
			var right []float32
			switch {
			case m.K == 0:
			case g.TransB:
				right, m.LdB = scratch, m.N
				Transpose(right, m.N, b[n*g.LdB+k:], g.LdB, m.N, m.K)
			default:
				right, m.LdB = b[k*g.LdB+n:], g.LdB
			}
			if g.TransA {
				m.TN(c[n:], a[left:], right)
			} else {
				m.NN(c[n:], a[left:], right)
			}
			m.Accumulate = true
		}
	}
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
