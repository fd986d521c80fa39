package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// checkWinogradWeights compares the gradient of the weights over some images with float64.
func checkWinogradWeights(t *testing.T, r *rand.Rand, g Conv2D, images int) {
	t.Helper()
	n := NewWinograd(g)
	xn, yn := g.H*g.W*g.Cin, g.Ho*g.Wo*g.Cout
	x, checkX := guarded(t, r, images*xn, r.IntN(3))
	dy, checkDY := guarded(t, r, images*yn, r.IntN(3))
	dw, checkDW := guarded(t, r, g.KH*g.KW*g.Cin*g.Cout, r.IntN(3))
	scratch, checkScratch := guarded(t, r, n.BackwardWeightScratch(), r.IntN(3))
	want := make([]float64, len(dw))
	for i, v := range dw {
		want[i] = float64(v)
	}
	for i := range images {
		for k, v := range newConvReference(g, x[i*xn:][:xn], make([]float32, len(dw)), dy[i*yn:][:yn]).dw {
			want[k] += v
		}
	}
	spoil(scratch)
	n.BackwardWeight(dw, x, dy, scratch, images)
	for i, v := range dw {
		if d := math.Abs(float64(v) - want[i]); !(d <= 1e-5+3e-5*math.Sqrt(float64(images*g.Ho*g.Wo))) {
			t.Fatalf("%+v, %d images: dw[%d] = %v, want %v", g, images, i, v, want[i])
		}
	}
	for _, check := range []func(){checkX, checkDY, checkDW, checkScratch} {
		check()
	}
}

func TestWinogradBackwardWeight(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(25, 26))
		for _, same := range []bool{false, true} {
			for _, c := range [][2]int{{1, 3}, {16, 16}, {17, 33}, {3, 40}} {
				for range 4 {
					checkWinogradWeights(t, r, convOf(3+r.IntN(12), 3+r.IntN(12), c[0], c[1], 3, 3, 1, 1, 1, same), 1+r.IntN(3))
				}
			}
		}
		for range 40 {
			checkWinogradWeights(t, r, Conv2D{
				H: 1 + r.IntN(9), W: 1 + r.IntN(9), Cin: 1 + r.IntN(4), Cout: 1 + r.IntN(20), Groups: 1, KH: 3, KW: 3,
				StrideH: 1, StrideW: 1, DilH: 1, DilW: 1, PadT: r.IntN(4), PadL: r.IntN(4), Ho: 1 + r.IntN(11), Wo: 1 + r.IntN(11),
			}, 1+r.IntN(3))
		}
		checkWinogradWeights(t, r, convOf(40, 37, 8, 16, 3, 3, 1, 1, 1, true), 2)
	})
}

// TestWinogradBackwardWeightError: on normally distributed numbers the rounding errors are at most three times those of Conv2D.BackwardWeight.
func TestWinogradBackwardWeightError(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(27, 28))
		for _, g := range []Conv2D{
			convOf(32, 32, 16, 16, 3, 3, 1, 1, 1, true), convOf(16, 16, 32, 32, 3, 3, 1, 1, 1, true), convOf(14, 14, 64, 16, 3, 3, 1, 1, 1, true),
			convOf(12, 12, 64, 32, 3, 3, 1, 1, 1, true), convOf(62, 62, 16, 16, 3, 3, 1, 1, 1, false),
		} {
			const images = 8
			n := NewWinograd(g)
			xn, yn := g.H*g.W*g.Cin, g.Ho*g.Wo*g.Cout
			x, dy := make([]float32, images*xn), make([]float32, images*yn)
			for _, s := range [][]float32{x, dy} {
				for i := range s {
					s[i] = float32(r.NormFloat64())
				}
			}
			fast, direct := make([]float32, g.KH*g.KW*g.Cin*g.Cout), make([]float32, g.KH*g.KW*g.Cin*g.Cout)
			want, scratch := make([]float64, len(fast)), make([]float32, max(n.BackwardWeightScratch(), g.ScratchSize()))
			for i := range images {
				g.BackwardWeight(direct, x[i*xn:][:xn], dy[i*yn:][:yn], scratch)
				for k, v := range newConvReference(g, x[i*xn:][:xn], fast, dy[i*yn:][:yn]).dw {
					want[k] += v
				}
			}
			n.BackwardWeight(fast, x, dy, scratch, images)
			e, d := relative(fast, want), relative(direct, want)
			t.Logf("%dx%d, %d channels: relative error %.2g, direct %.2g, ratio %.2f", g.KH, g.KW, g.Cin, e, d, e/d)
			if e > 3*d {
				t.Errorf("%+v: relative error %.2g, direct %.2g", g, e, d)
			}
		}
	})
}

// BenchmarkWinogradBackwardWeight compares with the direct way, for the images that one lane of a batch of 64 has.
func BenchmarkWinogradBackwardWeight(b *testing.B) {
	for _, g := range []Conv2D{
		convOf(32, 32, 16, 16, 3, 3, 1, 1, 1, true), convOf(16, 16, 32, 32, 3, 3, 1, 1, 1, true), convOf(8, 8, 64, 64, 3, 3, 1, 1, 1, true),
		convOf(16, 16, 64, 64, 3, 3, 1, 1, 1, true), convOf(14, 14, 128, 128, 3, 3, 1, 1, 1, true), convOf(7, 7, 256, 256, 3, 3, 1, 1, 1, true),
	} {
		const images = 8
		n := NewWinograd(g)
		xn, yn := g.H*g.W*g.Cin, g.Ho*g.Wo*g.Cout
		x, dy, dw := make([]float32, images*xn), make([]float32, images*yn), make([]float32, g.KH*g.KW*g.Cin*g.Cout)
		Fill(x, 1)
		Fill(dy, 0.5)
		scratch := make([]float32, max(n.BackwardWeightScratch(), g.ScratchSize()))
		flops := 2 * images * g.Ho * g.Wo * g.KH * g.KW * g.Cin * g.Cout
		name := fmt.Sprintf("%dx%d of %dx%dx%d", g.KH, g.KW, g.H, g.W, g.Cin)
		for _, way := range []struct {
			name string
			run  func()
		}{
			{"winograd", func() { n.BackwardWeight(dw, x, dy, scratch, images) }},
			{"direct", func() {
				for i := range images {
					g.BackwardWeight(dw, x[i*xn:][:xn], dy[i*yn:][:yn], scratch)
				}
			}},
		} {
			b.Run(name+"/"+way.name, func(b *testing.B) {
				each(b, func(b *testing.B) {
					peak := FMAPeak()
					b.ResetTimer()
					for b.Loop() {
						way.run()
					}
					report(b, flops, peak)
				})
			})
		}
	}
}
