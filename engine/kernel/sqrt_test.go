package kernel

import (
	"math"
	"testing"
)

// TestSqrtIsExact: square roots are rounded correctly, whatever the mantissa and wherever the exponent; the optimizers rely on it.
func TestSqrtIsExact(t *testing.T) {
	const block = 1 << 12
	x, y := make([]float32, block), make([]float32, block)
	check := func(first uint32, step uint32) {
		t.Helper()
		for i := range x {
			x[i] = math.Float32frombits(first + uint32(i)*step)
		}
		Sqrt(y, x)
		for i, v := range y {
			if want := float32(math.Sqrt(float64(x[i]))); math.Float32bits(v) != math.Float32bits(want) && (v == v || want == want) {
				t.Fatalf("sqrt(%g) = %g, want %g", x[i], v, want)
			}
		}
	}
	onEach(t, func(t *testing.T) {
		step := uint32(1)
		if testing.Short() || ISA() != "avx512" { // the others have the machine's instruction
			step = 61
		}
		for first := math.Float32bits(1); first < math.Float32bits(4); first += block * step {
			check(first, step)
		}
		check(0, 1<<20-1) // all exponents, negative numbers, infinities and NaN
		for _, edge := range []float64{0x1p-76, 0x1p100, 0x1p-126, 0} {
			check(math.Float32bits(float32(edge))-min(math.Float32bits(float32(edge)), block/2), 1)
		}
	})
}
