package kernel

import (
	"math/rand/v2"
	"testing"
)

// TestForwardPool: the bits of convolving and pooling one after the other, for all
// kinds of geometry and for images of odd sizes.
func TestForwardPool(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(31, 32))
		for _, same := range []bool{false, true} {
			for _, k := range [][4]int{{5, 5, 1, 1}, {3, 3, 1, 1}, {3, 2, 2, 1}, {2, 3, 1, 2}, {1, 1, 1, 1}} {
				for _, c := range [][2]int{{1, 32}, {3, 16}, {17, 19}, {2, 700}} {
					for range 3 {
						checkForwardPool(t, r, convOf(k[0]+8+r.IntN(16), k[1]+8+r.IntN(16), c[0], c[1], k[0], k[1], k[2], k[3], 1, same))
					}
				}
			}
		}
	})
}

func checkForwardPool(t *testing.T, r *rand.Rand, g Conv2D) {
	t.Helper()
	n := g.Ho / 2 * (g.Wo / 2) * g.Cout
	x, checkX := guarded(t, r, g.H*g.W*g.Cin, r.IntN(3))
	w, checkW := guarded(t, r, g.KH*g.KW*g.Cin*g.Cout, r.IntN(3))
	b, checkB := guarded(t, r, g.Cout, r.IntN(3))
	p, checkP := guarded(t, r, n, r.IntN(3))
	scratch, checkScratch := guarded(t, r, g.ForwardPoolScratch(), r.IntN(3))
	y, other := make([]float32, g.Ho*g.Wo*g.Cout), make([]float32, g.ScratchSize())
	want, wantCode, code := make([]float32, n), make([]uint8, n), make([]uint8, n+8)
	for _, relu := range []bool{false, true} {
		g.Forward(y, x, w, other)
		BiasReluMaxPool2x2(want, wantCode, y, b, g.Ho, g.Wo, g.Cout, relu)
		spoil(scratch)
		for i := range code {
			code[i] = 99
		}
		g.ForwardPool(p, code, x, w, b, scratch, relu)
		for i := range want {
			if p[i] != want[i] || code[i] != wantCode[i] {
				t.Fatalf("%+v: pooled[%d] = %v code %d, want %v code %d", g, i, p[i], code[i], want[i], wantCode[i])
			}
		}
		for _, k := range code[n:] {
			if k != 99 {
				t.Fatalf("%+v: code overwritten", g)
			}
		}
	}
	for _, check := range []func(){checkX, checkW, checkB, checkP, checkScratch} {
		check()
	}
}
