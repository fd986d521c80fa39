package kernel

import "fmt"

// Brgemm describes a batch-reduce matrix product
//
//	C[M×N] (+)= Σ_{b<NB} A_b[M×K] · B_b[K×N]
//
// of row-major float32 matrices. A_b starts at a[b*StrideA] and B_b at b[b*StrideB]; the rows of A, B and C lie LdA, LdB and LdC elements apart. Rows of A may
// overlap (LdA < K: the windows of a convolution). With Accumulate the product is added to C, else C is overwritten. M, N, K and NB may have any size
// including zero; leading dimensions and strides must not be negative. Products are fused (one rounding per multiply-add) on avx2 and avx512.
type Brgemm struct {
	M, N, K, NB      int
	LdA, LdB, LdC    int
	StrideA, StrideB int
	Accumulate       bool
	Bias             []float32 // N numbers that are added to each row of the product; not with Accumulate
	Pairs            bool      // elements of A and B are pairs of bfloat16 numbers, see PairGemm

	wide  bool      // portable kernels sum in float64
	ahead []float32 // memory that will be needed soon: kernels may bring some of it closer
}

// NN computes the product with A stored as [M][K]. C must not overlap A or B.
func (g *Brgemm) NN(c, a, b []float32) {
	if g.prepare(c, a, b, g.M, g.K) {
		g.kernel()(*g, false, c, a, b)
	}
}

// TN computes the product with A stored transposed, as [K][M]: LdA lies between its K rows. C must not overlap A or B.
func (g *Brgemm) TN(c, a, b []float32) {
	if g.prepare(c, a, b, g.K, g.M) {
		g.kernel()(*g, true, c, a, b)
	}
}

func (g *Brgemm) kernel() func(g Brgemm, transA bool, c, a, b []float32) {
	if g.Pairs {
		return active.gemmPairs
	}
	return active.gemm
}

// prepare checks all bounds, so that the kernels need no more checks, and settles the empty cases. It reports whether there is anything to multiply.
func (g *Brgemm) prepare(c, a, b []float32, rowsA, colsA int) bool {
	if g.M < 0 || g.N < 0 || g.K < 0 || g.NB < 0 || g.LdA < 0 || g.LdB < 0 || g.LdC < 0 || g.StrideA < 0 || g.StrideB < 0 {
		panic(fmt.Sprintf("kernel: negative size in %+v", *g))
	}
	if g.M == 0 || g.N == 0 {
		return false
	}
	if g.Bias != nil && (g.Accumulate || len(g.Bias) < g.N) {
		panic(fmt.Sprintf("kernel: %d numbers for a bias in %+v", len(g.Bias), *g))
	}
	if g.LdC < g.N && g.M > 1 {
		panic(fmt.Sprintf("kernel: rows of C overlap in %+v", *g))
	}
	_ = c[(g.M-1)*g.LdC+g.N-1]
	if g.K == 0 || g.NB == 0 {
		if !g.Accumulate {
			for i := range g.M {
				clear(c[i*g.LdC : i*g.LdC+g.N])
			}
		}
		p := *g
		p.beginWithBias(c)
		return false
	}
	_ = a[(g.NB-1)*g.StrideA+(rowsA-1)*g.LdA+colsA-1]
	_ = b[(g.NB-1)*g.StrideB+(g.K-1)*g.LdB+g.N-1]
	return true
}

// beginWithBias writes the bias to C, for kernels that can only add to C.
func (g *Brgemm) beginWithBias(c []float32) {
	if g.Bias == nil {
		return
	}
	for i := range g.M {
		copy(c[i*g.LdC:][:g.N], g.Bias)
	}
	g.Accumulate, g.Bias = true, nil
}
