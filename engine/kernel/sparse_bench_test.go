package kernel

import (
	"math/rand/v2"
	"testing"
	"time"
)

// fastest runs f on images again and again and reports the time of the quickest pass over a batch of 128, because other processes disturb the mean.
func fastest(b *testing.B, f func(image int)) {
	best := time.Duration(1 << 62)
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		for i := range 128 {
			f(i)
		}
		best = min(best, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1e3, "ms/128")
}

// The convolutions of the classic MNIST CNN, each behind relu and max-pooling: gradients of a batch, dense and sparse, when 45 % of the pooled elements
// are dead (so 14 % of the output's gradient is not zero), and the forward pass.
func BenchmarkSparse(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	g, thin := convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false), convOf(28, 28, 1, 32, 5, 5, 1, 1, 1, false)
	const images = 16
	x := make([]float32, images*g.H*g.W*g.Cin)
	for i := range x {
		x[i] = r.Float32()
	}
	var dps [2][images][]float32
	var codes [2][images][]uint8
	for i := range images {
		dps[0][i], codes[0][i], _, _ = pooledGradient(b, r, g, 0.42)
		dps[1][i], codes[1][i], _, _ = pooledGradient(b, r, thin, 0.42)
	}
	s, p, n := NewSparsePool(g), NewThinPool(thin), NewWinograd(g)
	w, dw, dx := make([]float32, 51200), make([]float32, 51200), make([]float32, g.H*g.W*g.Cin)
	Fill(w, 0.01)
	packed, u, lists := make([]float32, 51200), make([]float32, n.PackedWeightsSize()), make([]float32, images*s.ListsSize())
	scratch := make([]float32, max(g.ScratchSize(), thin.ScratchSize(), s.ScratchSize(), p.ScratchSize(), n.ScratchSize()))
	dy, y, code := make([]float32, 24*24*32), make([]float32, 8*8*64), make([]uint8, 1024)
	list := func(i int) []float32 { return lists[i%images*s.ListsSize():][:s.ListsSize()] }
	for i := range images {
		s.Build(list(i), dps[0][i], codes[0][i], 1)
	}
	image := func(i, size int) []float32 { return x[i%images*size:][:size] }
	for _, row := range []struct {
		name string
		run  func(i int)
	}{
		{"lists", func(i int) { s.Build(list(i), dps[0][i%images], codes[0][i%images], 1) }},
		{"dW", func(i int) { s.BackwardWeight(dw, image(i, 4608), list(i), scratch, 1) }},
		{"dX", func(i int) { s.BackwardInput(dx, list(i), packed, scratch, 0) }},
		{"denseDW", func(i int) {
			Unpool2x2(dy, dps[0][i%images], codes[0][i%images], 8, 8, 64)
			g.BackwardWeight(dw, image(i, 4608), dy, scratch)
		}},
		{"denseDX", func(i int) { g.BackwardInput(dx, dy, packed, scratch) }},
		{"thinDW", func(i int) { p.BackwardWeight(dw, image(i, 784), dps[1][i%images], codes[1][i%images], scratch) }},
		{"thinDenseDW", func(i int) {
			Unpool2x2(dy, dps[1][i%images], codes[1][i%images], 24, 24, 32)
			thin.BackwardWeight(dw, image(i, 784), dy, scratch)
		}},
		{"forwardWinograd", func(i int) { n.ForwardPool(y, code, image(i, 4608), u, w, scratch, true) }},
		{"forwardDense", func(i int) {
			g.Forward(dy, image(i, 4608), w, scratch)
			BiasReluMaxPool2x2(y, code, dy, w, 8, 8, 64, true)
		}},
	} {
		b.Run(row.name, func(b *testing.B) { each(b, func(b *testing.B) { fastest(b, row.run) }) })
	}
	b.Run("winogradWeights", func(b *testing.B) {
		each(b, func(b *testing.B) {
			fastest(b, func(i int) {
				if i == 0 {
					n.PackWeights(u, w, scratch, 0, 1)
				}
			})
		})
	})
}
