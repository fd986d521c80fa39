package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// relative is the error of got in the L2 norm.
func relative(got []float32, want []float64) float64 {
	e, s := 0.0, 0.0
	for i, v := range got {
		e += (float64(v) - want[i]) * (float64(v) - want[i])
		s += want[i] * want[i]
	}
	return math.Sqrt(e / max(s, 1e-300))
}

// checkWinograd compares with float64 and, pooled, with pooling of its own unpooled result. The bound is loose: see TestWinogradError.
func checkWinograd(t *testing.T, r *rand.Rand, g Conv2D) {
	t.Helper()
	n := NewWinograd(g)
	if n == nil {
		t.Fatalf("%+v does not qualify", g)
	}
	x, checkX := guarded(t, r, g.H*g.W*g.Cin, r.IntN(3))
	w, checkW := guarded(t, r, g.KH*g.KW*g.Cin*g.Cout, r.IntN(3))
	b, checkB := guarded(t, r, g.Cout, r.IntN(3))
	y, checkY := guarded(t, r, g.Ho*g.Wo*g.Cout, r.IntN(3))
	packed, checkPacked := guarded(t, r, n.PackedWeightsSize(), r.IntN(3))
	scratch, checkScratch := guarded(t, r, n.ScratchSize(), r.IntN(3))
	pooled := g.Ho / 2 * (g.Wo / 2) * g.Cout
	p, checkP := guarded(t, r, pooled, r.IntN(3))
	code := make([]uint8, pooled+8)
	spoil(scratch)
	for i := range 3 {
		n.PackWeights(packed, w, scratch, i, 3)
	}
	spoil(scratch)
	n.Forward(y, x, packed, scratch)
	want := newConvReference(g, x, w, make([]float32, len(y)))
	where := fmt.Sprintf("%+v: ", g)
	for i, v := range y {
		if d := math.Abs(float64(v) - want.y[i]); !(d <= 1e-5+3e-5*math.Sqrt(float64(g.KH*g.KW*g.Cin))) {
			t.Fatalf("%sy[%d] = %v, want %v", where, i, v, want.y[i])
		}
	}
	for _, relu := range []bool{false, true} {
		for i := range code {
			code[i] = 99
		}
		spoil(scratch)
		n.ForwardPool(p, code, x, packed, b, scratch, relu)
		wantP, wantCode := make([]float32, pooled), make([]uint8, pooled)
		BiasReluMaxPool2x2(wantP, wantCode, y, b, g.Ho, g.Wo, g.Cout, relu)
		for i := range wantP {
			if p[i] != wantP[i] || code[i] != wantCode[i] {
				t.Fatalf("%spooled[%d] = %v code %d, want %v code %d", where, i, p[i], code[i], wantP[i], wantCode[i])
			}
		}
		for _, k := range code[pooled:] {
			if k != 99 {
				t.Fatalf("%scode overwritten", where)
			}
		}
	}
	for _, check := range []func(){checkX, checkW, checkB, checkY, checkPacked, checkScratch, checkP} {
		check()
	}
}

func TestWinograd(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(21, 22))
		for _, k := range []int{3, 5} {
			for _, same := range []bool{false, true} {
				for _, c := range [][2]int{{1, 3}, {16, 16}, {17, 33}, {3, 40}} {
					for range 4 {
						checkWinograd(t, r, convOf(k+r.IntN(12), k+r.IntN(12), c[0], c[1], k, k, 1, 1, 1, same))
					}
				}
			}
			for range 40 {
				checkWinograd(t, r, Conv2D{
					H: 1 + r.IntN(9), W: 1 + r.IntN(9), Cin: 1 + r.IntN(4), Cout: 1 + r.IntN(20), Groups: 1, KH: k, KW: k,
					StrideH: 1, StrideW: 1, DilH: 1, DilW: 1, PadT: r.IntN(4), PadL: r.IntN(4), Ho: 1 + r.IntN(11), Wo: 1 + r.IntN(11),
				})
			}
		}
		checkWinograd(t, r, convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false))
		checkWinograd(t, r, convOf(40, 37, 8, 16, 3, 3, 1, 1, 1, true))
	})
}

// The rounding errors are at most three times those of the direct convolution on normally distributed numbers.
func TestWinogradError(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(23, 24))
		for _, g := range []Conv2D{
			convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false), convOf(16, 16, 32, 32, 5, 5, 1, 1, 1, true),
			convOf(32, 32, 16, 16, 3, 3, 1, 1, 1, true), convOf(12, 12, 32, 64, 3, 3, 1, 1, 1, false), convOf(8, 8, 32, 32, 3, 3, 1, 1, 1, true), convOf(16, 16, 64, 32, 3, 3, 1, 1, 1, true), convOf(16, 16, 128, 32, 3, 3, 1, 1, 1, true),
		} {
			n := NewWinograd(g)
			x, w := make([]float32, g.H*g.W*g.Cin), make([]float32, g.KH*g.KW*g.Cin*g.Cout)
			for _, s := range [][]float32{x, w} {
				for i := range s {
					s[i] = float32(r.NormFloat64())
				}
			}
			y := make([]float32, g.Ho*g.Wo*g.Cout)
			packed, scratch := make([]float32, n.PackedWeightsSize()), make([]float32, max(n.ScratchSize(), g.ScratchSize()))
			want := newConvReference(g, x, w, y).y
			g.Forward(y, x, w, scratch)
			direct := relative(y, want)
			n.PackWeights(packed, w, scratch, 0, 1)
			n.Forward(y, x, packed, scratch)
			e := relative(y, want)
			t.Logf("%dx%d, %d channels: relative error %.2g, direct %.2g, ratio %.2f", g.KH, g.KW, g.Cin, e, direct, e/direct)
			if e > 3*direct {
				t.Errorf("%+v: relative error %.2g, direct %.2g", g, e, direct)
			}
		}
	})
}

func TestWinogradDoesNotAllocate(t *testing.T) {
	onEach(t, func(t *testing.T) {
		g := convOf(9, 9, 16, 16, 3, 3, 1, 1, 1, true)
		n := NewWinograd(g)
		x, w, b := make([]float32, g.H*g.W*g.Cin), make([]float32, 9*16*16), make([]float32, 16)
		y, code := make([]float32, g.Ho*g.Wo*g.Cout), make([]uint8, 16*16)
		packed, scratch := make([]float32, n.PackedWeightsSize()), make([]float32, n.ScratchSize())
		if a := testing.AllocsPerRun(10, func() {
			n.PackWeights(packed, w, scratch, 0, 1)
			n.Forward(y, x, packed, scratch)
			n.ForwardPool(y, code, x, packed, b, scratch, true)
		}); a != 0 {
			t.Errorf("%v allocations", a)
		}
	})
}
