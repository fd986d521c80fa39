package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// guardedPairs is guarded with pairs of random numbers.
func guardedPairs(t testing.TB, r *rand.Rand, n, offset int) (x []float32, check func()) {
	x, check = guarded(t, r, n, offset)
	for i, v := range x {
		x[i] = pair(v, r.Float32()*2-1)
	}
	return x, check
}

// checkPairs compares a product of pairs with a float64 loop.
func checkPairs(t *testing.T, r *rand.Rand, g Brgemm, trans bool) {
	t.Helper()
	g.Pairs = true
	rowsA, colsA := g.M, g.K
	if trans {
		rowsA, colsA = g.K, g.M
	}
	a, checkA := guardedPairs(t, r, max(0, (g.NB-1)*g.StrideA+(rowsA-1)*g.LdA+colsA), r.IntN(3))
	b, checkB := guardedPairs(t, r, max(0, (g.NB-1)*g.StrideB+(g.K-1)*g.LdB+g.N), r.IntN(3))
	c, checkC := guarded(t, r, max(0, (g.M-1)*g.LdC+g.N), r.IntN(3))
	before := append([]float32(nil), c...)
	g.run(c, a, b, trans)
	checkA()
	checkB()
	checkC()
	for i, v := range c {
		row, col := i/g.LdC, i%g.LdC
		if col >= g.N || row >= g.M {
			if v != before[i] {
				t.Fatalf("%+v trans=%v: gap element %d changed", g, trans, i)
			}
			continue
		}
		want, size := 0.0, 0.0
		if g.Accumulate {
			want = float64(before[i])
		}
		for n := range g.NB {
			for k := range g.K {
				ai := row*g.LdA + k
				if trans {
					ai = k*g.LdA + row
				}
				a0, a1 := unpair(a[n*g.StrideA+ai])
				b0, b1 := unpair(b[n*g.StrideB+k*g.LdB+col])
				want += float64(a0)*float64(b0) + float64(a1)*float64(b1)
				size += math.Abs(float64(a0)*float64(b0)) + math.Abs(float64(a1)*float64(b1))
			}
		}
		if d := math.Abs(float64(v) - want); d > 1e-6+size*float64(2*g.K*g.NB+2)*6e-8 || math.IsNaN(d) {
			t.Fatalf("%+v trans=%v: c[%d][%d] = %v, want %v", g, trans, row, col, v, want)
		}
	}
}

func TestBrgemmPairs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, trans := range []bool{false, true} {
			for m := 1; m <= 34; m++ { // every kernel: all heights, all widths around a vector
				for _, n := range []int{1, 7, 15, 16, 17, 31, 32, 33, 48, 70} {
					g := Brgemm{M: m, N: n, K: 1 + r.IntN(40), NB: 1 + r.IntN(3), Accumulate: r.IntN(2) == 0}
					randomStrides(r, &g, trans)
					checkPairs(t, r, g, trans)
				}
			}
			for range 100 {
				g := Brgemm{M: 1 + r.IntN(80), N: 1 + r.IntN(80), K: 1 + r.IntN(80), NB: 1 + r.IntN(5), Accumulate: r.IntN(2) == 0}
				randomStrides(r, &g, trans)
				checkPairs(t, r, g, trans)
			}
			for range 10 { // rows of A 2 or 4 KiB apart
				g := Brgemm{M: 1 + r.IntN(110), N: 1 + r.IntN(80), K: 1 + r.IntN(300), NB: 1 + r.IntN(2), LdA: 512 + 512*r.IntN(2), Accumulate: r.IntN(2) == 0}
				g.LdB, g.LdC, g.StrideA, g.StrideB = g.N, g.N+3, 8, 4*g.N
				checkPairs(t, r, g, trans)
			}
		}
		checkPairs(t, r, Brgemm{M: 24, N: 32, K: 24, NB: 3, LdA: 8, LdB: 32, LdC: 32, StrideA: 28 * 8, StrideB: 24 * 32}, false) // overlapping windows
	})
}

// Packing rounds as the portable code does, ties and NaN included.
func TestPackPairs(t *testing.T) {
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.Float32frombits(0x7f800001),
		math.MaxFloat32, 1 + 1.0/256, 1 + 3.0/256, 1 + 1.0/256 + 1e-7, -1 - 1.0/256, 1e-40, 3}
	r := rand.New(rand.NewPCG(5, 6))
	onEach(t, func(t *testing.T) {
		for _, n := range []int{1, 2, 31, 32, 33, 64, 95, 203} {
			x, checkX := guarded(t, r, n, 1)
			for i := 0; i < n; i += 2 {
				x[i] = special[r.IntN(len(special))]
			}
			got, check := guarded(t, r, (n+1)/2, 1)
			want := make([]float32, len(got))
			active.packPairs(got, x)
			packPairsGeneric(want, x)
			compareBits(t, fmt.Sprintf("packPairs of %d", n), got, want)
			half := n / 2
			active.mixPairs(got[:half], x[:half], x[half:2*half])
			mixPairsGeneric(want[:half], x[:half], x[half:2*half])
			compareBits(t, fmt.Sprintf("mixPairs of %d", n), got, want)
			check()
			checkX()
		}
	})
}

func compareBits(t *testing.T, name string, got, want []float32) {
	t.Helper()
	for i := range want {
		if g, w := math.Float32bits(got[i]), math.Float32bits(want[i]); g != w {
			t.Fatalf("%s: element %d is %08x, want %08x", name, i, g, w)
		}
	}
}

// PairGemm against a float64 loop over rounded operands, packed in parts and computed area by area.
func TestPairGemm(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, size := range [][3]int{{1, 1, 1}, {5, 10, 7}, {130, 75, 33}, {70, 64, 300}, {40, 100, 1024}, {17, 33, 2051}} {
			for variant := range 4 {
				g := PairGemm{M: size[0], N: size[1], K: size[2], TransA: variant&1 > 0, TransB: variant&2 > 0}
				rowsA, colsA, rowsB, colsB := g.M, g.K, g.K, g.N
				if g.TransA {
					rowsA, colsA = colsA, rowsA
				}
				if g.TransB {
					rowsB, colsB = colsB, rowsB
				}
				g.LdA, g.LdB = colsA+r.IntN(3), colsB+r.IntN(3)
				a, _ := guarded(t, r, rowsA*g.LdA, 0)
				b, _ := guarded(t, r, rowsB*g.LdB, 0)
				pa, checkA := guarded(t, r, g.SizeA(), 1)
				pb, checkB := guarded(t, r, g.SizeB(), 1)
				scratch, checkScratch := guarded(t, r, g.PackScratch(), 1)
				for i := range g.PartsA() {
					g.PackA(pa, a, scratch, i)
				}
				for i := range g.PartsB() {
					g.PackB(pb, b, scratch, i)
				}
				ldc := g.N + 2
				c, checkC := guarded(t, r, g.M*ldc, 1)
				for i := 0; i < g.M; i += 48 {
					for j := 0; j < g.N; j += 64 {
						g.Run(c[i*ldc+j:], ldc, pa, pb, i, min(48, g.M-i), j, min(64, g.N-j))
					}
				}
				for _, check := range []func(){checkA, checkB, checkC, checkScratch} {
					check()
				}
				for i := range g.M {
					for j := range g.N {
						want, sum := 0.0, 0.0
						for k := range g.K {
							ia, ib := i*g.LdA+k, k*g.LdB+j
							if g.TransA {
								ia = k*g.LdA + i
							}
							if g.TransB {
								ib = j*g.LdB + k
							}
							p := float64(bfloat16(a[ia])) * float64(bfloat16(b[ib]))
							want += p
							sum += math.Abs(p)
						}
						if d := math.Abs(float64(c[i*ldc+j]) - want); !(d <= 1e-6+sum*3e-6) {
							t.Fatalf("%+v: c[%d][%d] = %v, want %v", g, i, j, c[i*ldc+j], want)
						}
					}
				}
			}
		}
	})
}

// Three products of rounded parts come close to one of float32s.
func TestPairGemmInParts(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		g := PairGemm{M: 40, N: 70, K: 301, LdA: 301, LdB: 70}
		a, _ := guarded(t, r, g.M*g.K, 0)
		b, _ := guarded(t, r, g.K*g.N, 0)
		scratch := make([]float32, g.PackScratch())
		var pa, pb [2][]float32 // the rounded matrices and the rests
		x, y := append([]float32(nil), a...), append([]float32(nil), b...)
		for part := range 2 {
			pa[part], pb[part] = make([]float32, g.SizeA()), make([]float32, g.SizeB())
			for i := range g.PartsA() {
				g.PackA(pa[part], x, scratch, i)
			}
			for i := range g.PartsB() {
				g.PackB(pb[part], y, scratch, i)
			}
			for _, v := range [][]float32{x, y} {
				for i := range v {
					v[i] -= bfloat16(v[i])
				}
			}
		}
		c := make([]float32, g.M*g.N)
		for _, parts := range [3][2]int{{1, 0}, {0, 1}, {0, 0}} {
			g.Run(c, g.N, pa[parts[0]], pb[parts[1]], 0, g.M, 0, g.N)
			g.Accumulate = true
		}
		for i, v := range c {
			want, sum := 0.0, 0.0
			for k := range g.K {
				p := float64(a[i/g.N*g.K+k]) * float64(b[k*g.N+i%g.N])
				want += p
				sum += math.Abs(p)
			}
			if d := math.Abs(float64(v) - want); !(d <= sum*0x1p-16) {
				t.Fatalf("element %d: %v, want %v", i, v, want)
			}
		}
	})
}
