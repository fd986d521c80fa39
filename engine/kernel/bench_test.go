package kernel

import (
	"fmt"
	"testing"
	"time"
)

// gemmShapes are the products of the classic MNIST CNN and a few ragged ones.
var gemmShapes = []struct {
	name  string
	trans bool
	g     Brgemm
}{
	{"conv2", false, Brgemm{M: 8, N: 64, K: 160, NB: 5, LdA: 32, LdB: 64, LdC: 64, StrideA: 12 * 32, StrideB: 160 * 64}},
	{"conv1", false, Brgemm{M: 24, N: 32, K: 5, NB: 5, LdA: 1, LdB: 32, LdC: 32, StrideA: 28, StrideB: 5 * 32}},
	{"dense", false, Brgemm{M: 128, N: 128, K: 1024, NB: 1, LdA: 1024, LdB: 128, LdC: 128}},
	{"dense10", false, Brgemm{M: 128, N: 10, K: 128, NB: 1, LdA: 128, LdB: 10, LdC: 10}},
	{"row", false, Brgemm{M: 1, N: 128, K: 1024, NB: 1, LdA: 1024, LdB: 128, LdC: 128}},
	{"ragged", false, Brgemm{M: 27, N: 75, K: 100, NB: 1, LdA: 100, LdB: 75, LdC: 75}},
	{"conv2dW", true, Brgemm{M: 160, N: 64, K: 8, NB: 8, LdA: 32, LdB: 64, LdC: 64, StrideA: 12 * 32, StrideB: 8 * 64, Accumulate: true}},
	{"denseDW", true, Brgemm{M: 1024, N: 128, K: 128, NB: 1, LdA: 1024, LdB: 128, LdC: 128}},
}

// each runs a benchmark for every instruction set.
func each(b *testing.B, f func(b *testing.B)) {
	for _, isa := range ISAs() {
		b.Run(isa, func(b *testing.B) {
			restore, err := Use(isa)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			f(b)
		})
	}
}

// BenchmarkBrgemm reports the best of its runs, because other processes disturb the mean, and its share of the FMA peak measured just before.
func BenchmarkBrgemm(b *testing.B) {
	for _, s := range gemmShapes {
		b.Run(s.name, func(b *testing.B) {
			each(b, func(b *testing.B) {
				g := s.g
				rowsA, colsA := g.M, g.K
				if s.trans {
					rowsA, colsA = g.K, g.M
				}
				x := make([]float32, (g.NB-1)*g.StrideA+(rowsA-1)*g.LdA+colsA)
				y := make([]float32, (g.NB-1)*g.StrideB+(g.K-1)*g.LdB+g.N)
				z := make([]float32, (g.M-1)*g.LdC+g.N)
				flops := 2 * float64(g.M*g.N*g.K*g.NB)
				repeat := 1 + int(2e6/flops)
				peak, gflops := FMAPeak(), 0.0
				for b.Loop() {
					start := time.Now()
					for range repeat {
						if s.trans {
							g.TN(z, x, y)
						} else {
							g.NN(z, x, y)
						}
					}
					gflops = max(gflops, flops*float64(repeat)/float64(time.Since(start).Nanoseconds()))
				}
				b.ReportMetric(gflops, "GFLOP/s")
				b.ReportMetric(100*gflops/peak, "%peak")
			})
		})
	}
}

// BenchmarkElementwise reports how many elements a second some kernels do on data in the L1 cache.
func BenchmarkElementwise(b *testing.B) {
	const n = 1024
	x, y, z, w := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	code := make([]uint8, n)
	for i := range x {
		x[i], y[i] = float32(i%37)/8-2, float32(i%11)/4+0.1
	}
	for _, k := range []struct {
		name string
		run  func()
	}{
		{"add", func() { Add(z, x, y) }},
		{"div", func() { Div(z, x, y) }},
		{"max", func() { Max(z, x, y) }},
		{"where", func() { Where(z, x, y, x) }},
		{"relu", func() { Relu(z, x) }},
		{"exp", func() { Exp(z, x) }},
		{"expm1", func() { Expm1(z, x) }},
		{"log", func() { Log(z, y) }},
		{"log1p", func() { Log1p(z, y) }},
		{"tanh", func() { Tanh(z, x) }},
		{"sigmoid", func() { Sigmoid(z, x) }},
		{"erf", func() { Erf(z, x) }},
		{"sinPi", func() { SinPi(z, x) }},
		{"sum", func() { Sum(x) }},
		{"maxOf", func() { MaxOf(x) }},
		{"dot", func() { Dot(x, y) }},
		{"softmax rows of 10", func() { Softmax(z, x, n/10, 10) }},
		{"softmax rows of 128", func() { Softmax(z, x, n/128, 128) }},
		{"addBiasRelu rows of 64", func() { AddBiasRelu(z, x, y, n/64, 64) }},
		{"sumRows of 64", func() { SumRows(w, x, n/64, 64) }},
		{"transpose 32x32", func() { Transpose(z, 32, x, 32, 32, 32) }},
		{"adam", func() { Adam(z, w, y, x, AdamParams{0.1, 0.001, 0.001, 1e-7}) }},
		{"uniform", func() { Uniform(z, [2]uint32{1, 2}, [4]uint32{}) }},
		{"pool 8x8x16", func() { BiasReluMaxPool2x2(z[:256], code, x, y, 8, 8, 16, true) }},
		{"unpool 8x8x16", func() { Unpool2x2(z, x, code, 8, 8, 16) }},
	} {
		b.Run(k.name, func(b *testing.B) {
			each(b, func(b *testing.B) {
				clear(w)
				for b.Loop() {
					k.run()
				}
				b.ReportMetric(n*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "Gelem/s")
			})
		})
	}
}

func ExampleFMAPeak() {
	fmt.Println(FMAPeak() > 0)
	// Output: true
}
