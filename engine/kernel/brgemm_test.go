package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// guard is the value of the words around test slices; nothing may change them.
const guard = -12345

// guarded returns n random numbers in [-1, 1) inside a larger slice, offset elements behind its start, and a function that checks the words around it.
func guarded(t testing.TB, r *rand.Rand, n, offset int) (x []float32, check func()) {
	t.Helper()
	whole := make([]float32, offset+n+64)
	for i := range whole {
		whole[i] = guard
	}
	x = whole[offset : offset+n : offset+n]
	for i := range x {
		x[i] = r.Float32()*2 - 1
	}
	return x, func() {
		t.Helper()
		for i, v := range whole {
			if (i < offset || i >= offset+n) && v != guard {
				t.Fatalf("element %d of a slice of %d was overwritten with %v", i-offset, n, v)
			}
		}
	}
}

// onEach runs a test for every instruction set.
func onEach(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	for _, isa := range ISAs() {
		t.Run(isa, func(t *testing.T) {
			restore, err := Use(isa)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			f(t)
		})
	}
}

// checkGemm compares one product of random matrices with a float64 loop; the bound follows from the number of roundings.
func checkGemm(t *testing.T, r *rand.Rand, g Brgemm, trans bool) {
	t.Helper()
	rowsA, colsA := g.M, g.K
	if trans {
		rowsA, colsA = g.K, g.M
	}
	a, checkA := guarded(t, r, max(0, (g.NB-1)*g.StrideA+(rowsA-1)*g.LdA+colsA), r.IntN(3))
	b, checkB := guarded(t, r, max(0, (g.NB-1)*g.StrideB+(g.K-1)*g.LdB+g.N), r.IntN(3))
	c, checkC := guarded(t, r, max(0, (g.M-1)*g.LdC+g.N), r.IntN(3))
	before := append([]float32(nil), c...)
	if !g.Accumulate && r.IntN(3) == 0 {
		var checkBias func()
		g.Bias, checkBias = guarded(t, r, g.N, r.IntN(3))
		defer checkBias()
	}
	if trans {
		g.TN(c, a, b)
	} else {
		g.NN(c, a, b)
	}
	checkA()
	checkB()
	checkC()
	for i, v := range c {
		row, col := 0, i
		if g.LdC > 0 {
			row, col = i/g.LdC, i%g.LdC
		}
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
		if g.Bias != nil {
			want = float64(g.Bias[col])
		}
		for n := range g.NB {
			for k := range g.K {
				ai := row*g.LdA + k
				if trans {
					ai = k*g.LdA + row
				}
				p := float64(a[n*g.StrideA+ai]) * float64(b[n*g.StrideB+k*g.LdB+col])
				want += p
				size += math.Abs(p)
			}
		}
		if d := math.Abs(float64(v) - want); d > 1e-6+size*float64(g.K*g.NB+2)*6e-8 || math.IsNaN(d) {
			t.Fatalf("%+v trans=%v: c[%d][%d] = %v, want %v", g, trans, row, col, v, want)
		}
	}
}

func TestBrgemm(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, trans := range []bool{false, true} {
			for m := 1; m <= 26; m++ { // every kernel: all heights, all widths around a vector
				for _, n := range []int{1, 7, 8, 9, 10, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 70, 100} {
					g := Brgemm{M: m, N: n, K: 1 + r.IntN(9), NB: 1 + r.IntN(3), Accumulate: r.IntN(2) == 0}
					randomStrides(r, &g, trans)
					checkGemm(t, r, g, trans)
				}
			}
			for range 300 {
				g := Brgemm{M: r.IntN(40), N: r.IntN(140), K: r.IntN(40), NB: r.IntN(5), Accumulate: r.IntN(2) == 0}
				randomStrides(r, &g, trans)
				checkGemm(t, r, g, trans)
			}
			for range 20 { // rows of A 2 or 4 KiB apart
				g := Brgemm{M: 1 + r.IntN(110), N: 1 + r.IntN(80), K: 1 + r.IntN(300), NB: 1 + r.IntN(2), LdA: 512 + 512*r.IntN(2), Accumulate: r.IntN(2) == 0}
				g.LdB, g.LdC, g.StrideA, g.StrideB = g.N, g.N+3, 8, 4*g.N
				checkGemm(t, r, g, trans)
			}
		}
		checkGemm(t, r, Brgemm{M: 24, N: 32, K: 5, NB: 5, LdA: 1, LdB: 32, LdC: 32, StrideA: 28, StrideB: 160}, false) // overlapping windows
		checkGemm(t, r, Brgemm{M: 20, N: 40, K: 7, NB: 2, LdA: 0, LdB: 0, LdC: 40}, false)                             // all rows the same
	})
}

// randomStrides picks leading dimensions with gaps of 0 to 3.
func randomStrides(r *rand.Rand, g *Brgemm, trans bool) {
	rowsA, colsA := g.M, g.K
	if trans {
		rowsA, colsA = g.K, g.M
	}
	g.LdA, g.LdB, g.LdC = colsA+r.IntN(4), g.N+r.IntN(4), g.N+r.IntN(4)
	g.StrideA, g.StrideB = rowsA*g.LdA+r.IntN(4), g.K*g.LdB+r.IntN(4)
}

// Values must not leak from one row or column to another, and NaN must pass.
func TestBrgemmNaN(t *testing.T) {
	onEach(t, func(t *testing.T) {
		nan := float32(math.NaN())
		for _, n := range []int{10, 20, 40, 70} {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				g := Brgemm{M: 13, N: n, K: 9, NB: 1, LdA: 9, LdB: n, LdC: n}
				a, b, c := make([]float32, 13*9), make([]float32, 9*n), make([]float32, 13*n)
				for i := range c {
					c[i] = nan // must be overwritten without Accumulate
				}
				a[4*9+3] = nan
				b[2*n+n-1] = nan
				g.NN(c, a, b)
				for i, v := range c {
					want := i/n == 4 || i%n == n-1
					if got := v != v; got != want {
						t.Fatalf("c[%d][%d] = %v, NaN expected: %v", i/n, i%n, v, want)
					}
				}
			})
		}
	})
}

func TestBrgemmPanicsOnShortSlices(t *testing.T) {
	g := Brgemm{M: 2, N: 3, K: 4, NB: 2, LdA: 4, LdB: 3, LdC: 3, StrideA: 8, StrideB: 12}
	for _, short := range []string{"a", "b", "c"} {
		t.Run(short, func(t *testing.T) {
			a, b, c := make([]float32, 16), make([]float32, 24), make([]float32, 6)
			switch short {
			case "a":
				a = a[:15]
			case "b":
				b = b[:23]
			case "c":
				c = c[:5]
			}
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			g.NN(c, a, b)
		})
	}
}
