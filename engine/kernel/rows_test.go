package kernel

import (
	"math/rand/v2"
	"testing"
)

func TestRows(t *testing.T) {
	for _, native := range nativeTables() {
		t.Run(native.isa, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 9))
			for cols := 1; cols < 140; cols++ {
				rows := 1 + r.IntN(9)
				x, _ := guarded(t, r, rows*cols, 1)
				mixed(r, x)
				bias, _ := guarded(t, r, cols, 3)
				for op := range numAddRows {
					got, check := guarded(t, r, rows*cols, r.IntN(5))
					want := make([]float32, rows*cols)
					native.addRows[op](got, x, bias, rows, cols)
					generic.addRows[op](want, x, bias, rows, cols)
					check()
					compareSlices(t, "rows", got, want)
				}
				got, check := guarded(t, r, cols, 2)
				want := append([]float32(nil), got...)
				native.sumRows(got, x, rows, cols)
				generic.sumRows(want, x, rows, cols)
				check()
				compareSlices(t, "SumRows", got, want)
			}
		})
	}
}

func compareSlices(t *testing.T, name string, got, want []float32) {
	t.Helper()
	for i := range want {
		if !same(got[i], want[i]) {
			t.Fatalf("%s, length %d: element %d is %v, want %v", name, len(want), i, got[i], want[i])
		}
	}
}

func TestRowsValues(t *testing.T) {
	onEach(t, func(t *testing.T) {
		x, y := []float32{1, 2, 3, -4, -5, -6}, make([]float32, 6)
		AddBias(y, x, []float32{1, 0, -1}, 2, 3)
		compareSlices(t, "AddBias", y, []float32{2, 2, 2, -3, -5, -7})
		AddBiasRelu(y, x, []float32{1, 0, -1}, 2, 3)
		compareSlices(t, "AddBiasRelu", y, []float32{2, 2, 2, 0, 0, 0})
		s := []float32{100, 0, 0}
		SumRows(s, x, 2, 3)
		compareSlices(t, "SumRows", s, []float32{97, -3, -3})
	})
}

func TestTranspose(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 4))
		for range 300 {
			rows, cols := r.IntN(40), r.IntN(40)
			lds, ldd := cols+r.IntN(3), rows+r.IntN(3)
			src, _ := guarded(t, r, max(0, (rows-1)*lds+cols), 1)
			dst, check := guarded(t, r, max(0, (cols-1)*ldd+rows), 2)
			before := append([]float32(nil), dst...)
			Transpose(dst, ldd, src, lds, rows, cols)
			check()
			for i := range dst {
				want := before[i]
				if j, k := i/ldd, i%ldd; k < rows && j < cols {
					want = src[k*lds+j]
				}
				if dst[i] != want {
					t.Fatalf("%d×%d: element %d is %v, want %v", rows, cols, i, dst[i], want)
				}
			}
		}
	})
}
