package kernel

import (
	"math/rand/v2"
	"testing"
)

// checkPairConv compares the methods that there are for a geometry with the reference, and tells how many there are.
func checkPairConv(t *testing.T, r *rand.Rand, g Conv2D) (methods int) {
	t.Helper()
	numbers := func(n int) []float32 {
		x, _ := guarded(t, r, n, r.IntN(3))
		BFloat16(x, x)
		return x
	}
	x, w, dy := numbers(g.H*g.W*g.Cin), numbers(g.KH*g.KW*g.Cin*g.Cout), numbers(g.Ho*g.Wo*g.Cout)
	want := newConvReference(g, x, w, dy)
	if p := NewPairForward(g); p != nil {
		methods++
		weights, checkWeights := guarded(t, r, p.PackedWeightsSize(), 1)
		scratch, checkScratch := guarded(t, r, p.ScratchSize(), 1)
		y, checkY := guarded(t, r, len(dy), 1)
		p.PackWeights(weights, w)
		p.Forward(y, x, weights, scratch)
		near(t, "y", y, want.y, want.sizeY)
		checkWeights()
		checkScratch()
		checkY()
	}
	if p := NewPairInput(g); p != nil {
		methods++
		rotated := make([]float32, g.PackedWeightsSize())
		weights, checkWeights := guarded(t, r, p.PackedWeightsSize(), 1)
		scratch, checkScratch := guarded(t, r, p.ScratchSize(), 1)
		dx, checkX := guarded(t, r, len(x), 1)
		g.PackWeights(rotated, w)
		p.PackWeights(weights, rotated)
		p.BackwardInput(dx, dy, weights, scratch)
		near(t, "dx", dx, want.dx, want.sizeX)
		checkWeights()
		checkScratch()
		checkX()
	}
	if p := NewPairWeight(g); p != nil {
		methods++
		scratch, checkScratch := guarded(t, r, p.BackwardScratch(), 1)
		dw, checkW := guarded(t, r, len(w), 1)
		for i, v := range dw {
			want.dw[i] += float64(v)
		}
		p.BackwardWeight(dw, x, dy, scratch)
		near(t, "dw", dw, want.dw, want.sizeW)
		checkScratch()
		checkW()
	}
	return methods
}

func TestPairConv(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		methods := 0
		for _, same := range []bool{false, true} {
			for _, g := range []Conv2D{
				convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, same),
				convOf(9, 11, 16, 24, 3, 3, 1, 1, 1, same),
				convOf(9, 14, 16, 40, 3, 3, 2, 1, 1, same),
				convOf(8, 8, 18, 16, 1, 1, 1, 1, 1, same),
				convOf(8, 9, 16, 32, 1, 1, 2, 1, 1, same),
				convOf(7, 13, 8, 17, 2, 4, 1, 1, 1, same),
				convOf(13, 7, 10, 16, 3, 1, 1, 2, 1, same),
				convOf(30, 31, 16, 16, 3, 3, 1, 1, 1, same),
				convOf(9, 9, 7, 16, 3, 3, 1, 1, 1, same),
			} {
				methods += checkPairConv(t, r, g)
			}
		}
		if FastBFloat16() != (methods > 30) {
			t.Errorf("%d methods", methods)
		}
	})
}
