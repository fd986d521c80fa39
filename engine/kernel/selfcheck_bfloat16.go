package kernel

import "fmt"

// pairs checks the kernels for products of bfloat16 numbers.
func (s *selfCheck) pairs() {
	const n = 203
	s.both("packPairs", 0, func(t *table, x [][]float32) { t.packPairs(x[0], x[1]) }, make([]float32, (n+1)/2), numbers(n, 1))
	s.both("mixPairs", 0, func(t *table, x [][]float32) { t.mixPairs(x[0], x[1], x[2]) }, make([]float32, n), numbers(n, 1), numbers(n, 2))
	s.both("mixPanel", 0, func(t *table, x [][]float32) { t.mixPanel(x[0], x[1], 37, 3) }, make([]float32, 3*panelN), numbers(6*37, 1))
	packed := func(n int, seed uint32) []float32 {
		x := make([]float32, n)
		packPairsGeneric(x, numbers(2*n, seed))
		return x
	}
	for m := 1; m <= 34; m++ {
		for _, n := range []int{5, 16, 27, 32, 43} {
			for _, transA := range []bool{false, true} {
				const k = 19
				g := Brgemm{M: m, N: n, K: k, NB: 2, LdA: k, LdB: n, LdC: n, StrideA: m * k, StrideB: k * n, Accumulate: n%2 == 0}
				if transA {
					g.LdA = m
				}
				s.both(fmt.Sprintf("gemmPairs %+v transposed=%v", g, transA), 1e-4, func(t *table, x [][]float32) { t.gemmPairs(g, transA, x[0], x[1], x[2]) },
					numbers(m*n, 1), packed(2*m*k, 2), packed(2*k*n, 3))
			}
		}
	}
}
