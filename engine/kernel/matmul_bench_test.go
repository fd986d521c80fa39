package kernel

import "testing"

// BenchmarkMatMul measures a dense layer's product and both its gradients.
func BenchmarkMatMul(b *testing.B) {
	for _, s := range []struct {
		name           string
		m, n, k        int
		transA, transB bool
	}{
		{"dense", 128, 128, 1024, false, false},
		{"denseDW", 1024, 128, 128, true, false},
		{"denseDX", 128, 1024, 128, false, true},
		{"dense10", 128, 10, 128, false, false},
		{"dense10DW", 128, 10, 128, true, false},
		{"dense10DX", 128, 128, 10, false, true},
		{"1024", 1024, 1024, 1024, false, false},
		{"1024TN", 1024, 1024, 1024, true, false},
		{"1024NT", 1024, 1024, 1024, false, true},
		{"1000", 1000, 1000, 1000, false, false},
		{"row", 1, 1024, 1024, false, false},
	} {
		b.Run(s.name, func(b *testing.B) {
			x, y, c := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
			scratch := make([]float32, MatMulScratch(s.m, s.n, s.k, s.transA, s.transB))
			each(b, func(b *testing.B) {
				peak := FMAPeak()
				b.ResetTimer()
				for b.Loop() {
					MatMul(c, x, y, s.m, s.n, s.k, s.transA, s.transB, scratch)
				}
				report(b, 2*s.m*s.n*s.k, peak)
			})
		})
	}
}

// BenchmarkPairGemm measures products of bfloat16 numbers, packed in every run, beside BenchmarkMatMul's.
func BenchmarkPairGemm(b *testing.B) {
	for _, s := range []struct {
		name           string
		m, n, k        int
		transA, transB bool
	}{
		{"dense", 128, 128, 1024, false, false},
		{"denseDW", 1024, 128, 128, true, false},
		{"denseDX", 128, 1024, 128, false, true},
		{"512", 128, 512, 512, false, false},
		{"512DW", 512, 512, 128, true, false},
		{"1024", 1024, 1024, 1024, false, false},
		{"1024TN", 1024, 1024, 1024, true, false},
		{"1024NT", 1024, 1024, 1024, false, true},
	} {
		b.Run(s.name, func(b *testing.B) {
			f := denseGemm(s.m, s.n, s.k, s.transA, s.transB)
			g := PairGemm{M: s.m, N: s.n, K: s.k, LdA: f.LdA, LdB: f.LdB, TransA: s.transA, TransB: s.transB}
			x, y, c := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
			each(b, func(b *testing.B) {
				if !FastBFloat16() {
					b.Skip("no fast kernels")
				}
				pa, pb, scratch := make([]float32, g.SizeA()), make([]float32, g.SizeB()), make([]float32, g.PackScratch())
				peak := FMAPeak()
				for _, packs := range []bool{true, false} {
					b.Run(map[bool]string{true: "packed", false: "alone"}[packs], func(b *testing.B) {
						for b.Loop() {
							for i := 0; packs && i < g.PartsA(); i++ {
								g.PackA(pa, x, scratch, i)
							}
							for i := 0; packs && i < g.PartsB(); i++ {
								g.PackB(pb, y, scratch, i)
							}
							g.Run(c, s.n, pa, pb, 0, s.m, 0, s.n)
						}
						report(b, 2*s.m*s.n*s.k, peak)
					})
				}
			})
		})
	}
}

func BenchmarkPool2D(b *testing.B) {
	for _, s := range []struct {
		name string
		g    Pool2D
	}{
		{"24x24x32", Pool2D{H: 24, W: 24, C: 32, Ho: 12, Wo: 12, KH: 2, KW: 2, StrideH: 2, StrideW: 2}},
		{"56x56x64k3s2", Pool2D{H: 56, W: 56, C: 64, Ho: 28, Wo: 28, KH: 3, KW: 3, StrideH: 2, StrideW: 2}},
		{"7x7x512mean", Pool2D{H: 7, W: 7, C: 512, Ho: 1, Wo: 1, KH: 7, KW: 7, StrideH: 7, StrideW: 7}},
		{"28x28x1", Pool2D{H: 28, W: 28, C: 1, Ho: 14, Wo: 14, KH: 2, KW: 2, StrideH: 2, StrideW: 2}},
	} {
		g := s.g
		x, y, dx := make([]float32, g.H*g.W*g.C), make([]float32, g.Ho*g.Wo*g.C), make([]float32, g.H*g.W*g.C)
		for i := range x {
			x[i] = float32(i * 7919 % 1000)
		}
		g.MaxForward(y, x)
		for _, pass := range []struct {
			name string
			run  func()
		}{
			{"max", func() { g.MaxForward(y, x) }},
			{"maxGrad", func() { g.MaxBackward(dx, x, y, y) }},
			{"mean", func() { g.AvgForward(y, x) }},
			{"meanGrad", func() { g.AvgBackward(dx, y) }},
		} {
			b.Run(s.name+"/"+pass.name, func(b *testing.B) {
				each(b, func(b *testing.B) {
					b.SetBytes(int64(4 * len(x)))
					for b.Loop() {
						pass.run()
					}
				})
			})
		}
	}
}
