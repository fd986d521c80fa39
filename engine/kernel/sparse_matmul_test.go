package kernel

import (
	"math"
	"testing"
)

// TestSparseGemm compares products from lists, of matrices with and without zeros, with dense ones.
func TestSparseGemm(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, g := range []SparseGemm{
			{M: 1, N: 32, K: 1}, {M: 3, N: 64, K: 37}, {M: 40, N: 512, K: 128}, {M: 200, N: 64, K: 784}, {M: 5, N: 416, K: 150}, {M: 0, N: 32, K: 3}, {M: 2, N: 32, K: 0},
		} {
			for _, every := range []int{1, 2, 7, 1 << 30} { // elements of which one is not zero
				a := make([]float32, g.M*g.K)
				live := 0
				for i, v := range numbers(len(a), 1) {
					if i%every == 0 && v != 0 {
						a[i] = v
						live++
					}
				}
				b := numbers(g.K*g.N+1, 2)
				lists, scratch, panels := make([]float32, g.ListsSize()), make([]float32, g.M), panelsOf(&g, b)
				g.Build(lists, a, 0, g.M/2)
				g.Build(lists, a, g.M/2, g.M)
				if n := g.Live(lists); n != live {
					t.Fatalf("%+v: %d elements in the lists, want %d", g, n, live)
				}
				c := numbers(g.M*g.N, 3)
				g.Run(c, lists, panels, scratch, nil)
				for i := range g.M {
					for j := range g.N {
						var sum, size float64
						for k := range g.K {
							term := float64(a[i*g.K+k]) * float64(b[k*g.N+j])
							sum, size = sum+term, size+math.Abs(term)
						}
						if got := float64(c[i*g.N+j]); !(math.Abs(got-sum) <= 1e-6*size) {
							t.Fatalf("%+v, one of %d: c[%d,%d] = %v, want %v", g, every, i, j, got, sum)
						}
					}
				}
			}
		}
	})
}

// panelsOf packs B.
func panelsOf(g *SparseGemm, b []float32) []float32 {
	panels, dense := make([]float32, g.K*g.N), Gemm{N: g.N, K: g.K, LdB: g.N}
	dense.PackPanels(panels, b, 0, dense.Panels())
	return panels
}

// TestSparseGemmNotFinite: what is not finite in A arrives, what would meet a zero of A does not.
func TestSparseGemmNotFinite(t *testing.T) {
	onEach(t, func(t *testing.T) {
		g := SparseGemm{M: 3, N: 32, K: 2}
		nan, inf := float32(math.NaN()), float32(math.Inf(1))
		a := []float32{nan, 0, 0, inf, 0, 3}
		b := make([]float32, 64)
		for i := range 32 {
			b[i], b[32+i] = inf, 1
		}
		lists, scratch, panels, c := make([]float32, g.ListsSize()), make([]float32, 3), panelsOf(&g, b), make([]float32, 96)
		g.Build(lists, a, 0, 3)
		g.Run(c, lists, panels, scratch, nil)
		if c[0] == c[0] || c[32] != inf || c[64] != 3 {
			t.Errorf("rows begin with %v, %v, %v; want NaN, +Inf, 3", c[0], c[32], c[64])
		}
	})
}

func TestSparseGemmDoesNotAllocate(t *testing.T) {
	g := SparseGemm{M: 8, N: 96, K: 20}
	a, panels, c := numbers(160, 1), numbers(20*96, 2), make([]float32, 8*96)
	lists, scratch := make([]float32, g.ListsSize()), make([]float32, 8)
	n := testing.AllocsPerRun(10, func() {
		g.Build(lists, a, 0, 8)
		g.Run(c, lists, panels, scratch, nil)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
