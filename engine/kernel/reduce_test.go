package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestReductions(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, n := range append(lengths(), 100001) {
			x, check := guarded(t, r, n, r.IntN(5))
			y, _ := guarded(t, r, n, r.IntN(5))
			var sum, size, squares, dot, dotSize float64
			largest, smallest := math.Inf(-1), math.Inf(1)
			for i := range x {
				v, w := float64(x[i]), float64(y[i])
				sum, size, squares, dot, dotSize = sum+v, size+math.Abs(v), squares+v*v, dot+v*w, dotSize+math.Abs(v*w)
				largest, smallest = max(largest, v), min(smallest, v)
			}
			for _, row := range []struct {
				name            string
				got             float32
				want, tolerance float64
			}{
				{"Sum", Sum(x), sum, size * 2e-6}, // the portable sum adds 256 numbers in a row
				{"SumSquares", SumSquares(x), squares, squares * 2e-6},
				{"Dot", Dot(x, y), dot, dotSize * 2e-6},
				{"MaxOf", MaxOf(x), largest, 0},
				{"MinOf", MinOf(x), smallest, 0},
			} {
				if d := math.Abs(float64(row.got) - row.want); d > row.tolerance || (row.want != float64(row.got) && math.IsNaN(d)) {
					t.Fatalf("%s of %d: %v, want %v", row.name, n, row.got, row.want)
				}
			}
			check()
		}
	})
}

// A NaN anywhere is the maximum, the minimum and the sum; an infinity is the sum.
func TestReductionsNaN(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, n := range []int{1, 5, 16, 33, 64, 100, 200} {
			for at := range n {
				x := make([]float32, n)
				x[at] = float32(math.NaN())
				for name, v := range map[string]float32{"MaxOf": MaxOf(x), "MinOf": MinOf(x), "Sum": Sum(x), "SumSquares": SumSquares(x), "Dot": Dot(x, x)} {
					if v == v {
						t.Fatalf("%s of %d with NaN at %d is %v", name, n, at, v)
					}
				}
				x[at] = float32(math.Inf(1))
				if v := Sum(x); v != x[at] {
					t.Fatalf("Sum of %d with Inf at %d is %v", n, at, v)
				}
			}
		}
	})
}

// Pairwise summation: a million times 0.1 is right to a few units of the last place, which a running sum misses by 1 %.
func TestSumIsPairwise(t *testing.T) {
	onEach(t, func(t *testing.T) {
		x := make([]float32, 1<<20)
		Fill(x, 0.1)
		want := float64(x[0]) * float64(len(x))
		if e := ulpError(Sum(x), want); e > 32 {
			t.Errorf("Sum = %v, want %v: %.0f ulp", Sum(x), want, e)
		}
	})
}

// The sum depends on values and length only, not on the address.
func TestSumIgnoresAlignment(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 1))
		for _, n := range []int{37, 1000, 9001} {
			x, _ := guarded(t, r, n, 0)
			want := Sum(x)
			for offset := 1; offset < 9; offset++ {
				y, _ := guarded(t, r, n, offset)
				copy(y, x)
				if got := Sum(y); got != want {
					t.Fatalf("offset %d: %v, want %v", offset, got, want)
				}
			}
		}
	})
}

func TestSoftmax(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(2, 3))
		for _, shape := range [][2]int{{0, 5}, {1, 1}, {3, 7}, {5, 10}, {2, 16}, {2, 33}, {1, 100}, {2, 1000}} {
			rows, cols := shape[0], shape[1]
			x, _ := guarded(t, r, rows*cols, 1)
			for i := range x {
				x[i] *= 50
			}
			y, checkY := guarded(t, r, rows*cols, 2)
			z, checkZ := guarded(t, r, rows*cols, 3)
			Softmax(y, x, rows, cols)
			LogSoftmax(z, x, rows, cols)
			checkY()
			checkZ()
			for row := range rows {
				sum, m := 0.0, math.Inf(-1)
				for _, v := range x[row*cols:][:cols] {
					m = max(m, float64(v))
				}
				for _, v := range x[row*cols:][:cols] {
					sum += math.Exp(float64(v) - m)
				}
				for c := range cols {
					i := row*cols + c
					l := float64(x[i]) - m - math.Log(sum)
					if want := math.Exp(l); math.Abs(float64(y[i])-want) > 1e-5*want+1e-37 {
						t.Fatalf("softmax %v [%d][%d] = %v, want %v", shape, row, c, y[i], want)
					}
					if math.Abs(float64(z[i])-l) > 1e-5*(1+math.Abs(l)) {
						t.Fatalf("log softmax %v [%d][%d] = %v, want %v", shape, row, c, z[i], l)
					}
				}
				if got := LogSumExp(x[row*cols:][:cols]); math.Abs(float64(got)-m-math.Log(sum)) > 1e-5*(1+math.Abs(m)) {
					t.Fatalf("LogSumExp = %v, want %v", got, m+math.Log(sum))
				}
			}
			LogSoftmax(x, x, rows, cols) // in place
			for i := range x {
				if x[i] != z[i] {
					t.Fatalf("in place: element %d is %v, want %v", i, x[i], z[i])
				}
			}
		}
		x := []float32{1, float32(math.NaN()), 2, 3, 4, 5}
		Softmax(x, x, 2, 3)
		if x[0] == x[0] || x[3] != x[3] {
			t.Errorf("NaN did not fill its row, or left it: %v", x)
		}
	})
}
