package kernel

import "testing"

// convShapes are the layers of the classic MNIST CNN and some of larger networks.
var convShapes = []struct {
	name string
	g    Conv2D
}{
	{"conv1", convOf(28, 28, 1, 32, 5, 5, 1, 1, 1, false)},
	{"conv2", convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false)},
	{"same3x3", convOf(16, 16, 64, 64, 3, 3, 1, 1, 1, true)},
	{"same56", convOf(56, 56, 64, 64, 3, 3, 1, 1, 1, true)},
	{"same7x7", convOf(7, 7, 256, 256, 3, 3, 1, 1, 1, true)},
	{"same4x4", convOf(4, 4, 256, 256, 3, 3, 1, 1, 1, true)},
	{"rgb7x7", convOf(112, 112, 3, 64, 7, 7, 2, 1, 1, true)},
	{"strided", convOf(16, 16, 64, 64, 3, 3, 2, 1, 1, true)},
	{"dilated", convOf(16, 16, 64, 64, 3, 3, 1, 2, 1, true)},
	{"groups4", convOf(16, 16, 64, 64, 3, 3, 1, 1, 4, true)},
	{"1x1", convOf(14, 14, 256, 128, 1, 1, 1, 1, 1, true)},
	{"depthwise", convOf(96, 96, 32, 32, 3, 3, 1, 1, 32, true)},
}

// report adds GFLOP/s and the share of what this core can do.
func report(b *testing.B, flops int, peak float64) {
	rate := float64(flops) * float64(b.N) / float64(b.Elapsed().Nanoseconds())
	b.ReportMetric(rate, "GFLOP/s")
	b.ReportMetric(100*rate/peak, "%peak")
}

func BenchmarkConv2D(b *testing.B) {
	for _, s := range convShapes {
		g := s.g
		groups := max(g.Groups, 1)
		flops := 2 * g.Ho * g.Wo * g.KH * g.KW * g.Cin / groups * g.Cout
		x, y := make([]float32, g.H*g.W*g.Cin), make([]float32, g.Ho*g.Wo*g.Cout)
		w := make([]float32, g.KH*g.KW*g.Cin/groups*g.Cout)
		Fill(x, 1)
		Fill(w, 0.5)
		packed, scratch := make([]float32, g.PackedWeightsSize()), make([]float32, g.ScratchSize())
		for _, pass := range []struct {
			name string
			run  func()
		}{
			{"forward", func() { g.Forward(y, x, w, scratch) }},
			{"dX", func() { g.BackwardInput(x, y, packed, scratch) }},
			{"dW", func() { g.BackwardWeight(w, x, y, scratch) }},
		} {
			b.Run(s.name+"/"+pass.name, func(b *testing.B) {
				each(b, func(b *testing.B) {
					peak := FMAPeak()
					b.ResetTimer()
					for b.Loop() {
						pass.run()
					}
					report(b, flops, peak)
				})
			})
		}
	}
}
