package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// checkMatMul compares one product with a float64 loop.
func checkMatMul(t *testing.T, r *rand.Rand, g Gemm) {
	t.Helper()
	rowsA, colsA, rowsB, colsB := g.M, g.K, g.K, g.N
	if g.TransA {
		rowsA, colsA = colsA, rowsA
	}
	if g.TransB {
		rowsB, colsB = colsB, rowsB
	}
	gap := r.IntN(3)
	g.LdA, g.LdB, g.LdC = colsA+gap, colsB+gap, g.N+gap
	a, checkA := guarded(t, r, max(0, rowsA*g.LdA-gap), r.IntN(3))
	b, checkB := guarded(t, r, max(0, rowsB*g.LdB-gap), r.IntN(3))
	c, checkC := guarded(t, r, max(0, g.M*g.LdC-gap), r.IntN(3))
	scratch, checkScratch := guarded(t, r, g.ScratchSize(), r.IntN(3))
	before := append([]float32(nil), c...)
	if !g.Accumulate && r.IntN(3) == 0 {
		g.Bias, _ = guarded(t, r, g.N, r.IntN(3))
	}
	g.Run(c, a, b, scratch)
	for _, check := range []func(){checkA, checkB, checkC, checkScratch} {
		check()
	}
	for i := range g.M {
		for j := range g.N {
			want, size := 0.0, 0.0
			if g.Accumulate {
				want = float64(before[i*g.LdC+j])
			}
			if g.Bias != nil {
				want = float64(g.Bias[j])
			}
			for k := range g.K {
				ia, ib := i*g.LdA+k, k*g.LdB+j
				if g.TransA {
					ia = k*g.LdA + i
				}
				if g.TransB {
					ib = j*g.LdB + k
				}
				right := b[ib]
				if g.RoundB {
					right = bfloat16(right)
				}
				p := float64(a[ia]) * float64(right)
				want += p
				size += math.Abs(p)
			}
			got := float64(c[i*g.LdC+j])
			if d := math.Abs(got - want); d > 1e-6+size*3e-6 || math.IsNaN(d) {
				t.Fatalf("%+v: c[%d][%d] = %v, want %v", g, i, j, got, want)
			}
		}
		for j := g.N; j < g.LdC && i < g.M-1; j++ {
			if c[i*g.LdC+j] != before[i*g.LdC+j] {
				t.Fatalf("%+v: the gap after row %d changed", g, i)
			}
		}
	}
}

func TestGemm(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		for variant := range 8 {
			transA, transB, accumulate := variant&1 > 0, variant&2 > 0, variant&4 > 0
			for range 60 {
				checkMatMul(t, r, Gemm{M: r.IntN(40), N: r.IntN(40), K: r.IntN(40), TransA: transA, TransB: transB, Accumulate: accumulate})
			}
			for _, size := range [][3]int{{5, 300, 520}, {70, 10, 600}, {130, 260, 30}, {1, 513, 257}, {50, 40, 513}, {65, 515, 258}} {
				checkMatMul(t, r, Gemm{M: size[0], N: size[1], K: size[2], TransA: transA, TransB: transB, Accumulate: accumulate})
				checkMatMul(t, r, Gemm{M: size[0], N: size[1], K: size[2], TransA: transA, TransB: transB, RoundB: true})
			}
		}
	})
}

func TestMatMul(t *testing.T) {
	a, b := []float32{1, 2, 3, 4, 5, 6}, []float32{1, 0, 2, 0, 1, -1} // (2, 3), (3, 2)
	at, bt := []float32{1, 4, 2, 5, 3, 6}, []float32{1, 2, 1, 0, 0, -1}
	want := []float32{8, -3, 20, -6}
	scratch := make([]float32, MatMulScratch(2, 2, 3, true, true))
	for variant := range 4 {
		left, right := [][]float32{a, at}[variant&1], [][]float32{b, bt}[variant>>1]
		c := make([]float32, 4)
		MatMul(c, left, right, 2, 2, 3, variant&1 > 0, variant>>1 > 0, scratch)
		if fmt.Sprint(c) != fmt.Sprint(want) {
			t.Errorf("transA=%v transB=%v: %v, want %v", variant&1 > 0, variant>>1 > 0, c, want)
		}
	}
}
