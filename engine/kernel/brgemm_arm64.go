//go:build arm64 && !noasm

package kernel

// neonKernel computes register tiles of C, one below the other: C[rows × columns] (+)= Σ_{nb} Σ_{k} A·B. Leading dimensions and strides are in bytes, k, nb
// and tiles at least 1.
type neonKernel func(c, a, b *float32, lda, ldb, ldc, strideA, strideB, k, nb, tiles, accumulate int)

// neonCallLimit is about the largest number of multiply-adds of one call: assembly cannot be preempted.
const neonCallLimit = 1 << 20

// gemmNEON walks over C in panels of eight and four columns; the last one to three columns are portable code, as NEON has no masked loads.
func gemmNEON(g Brgemm, transA bool, c, a, b []float32) {
	g.beginWithBias(c)
	full, narrow := gemmFullNNNEON, gemmNarrowNNNEON
	if transA {
		full, narrow = gemmFullTNNEON, gemmNarrowTNNEON
	}
	for j := 0; j < g.N; {
		kernels, columns := full, 8
		switch left := g.N - j; {
		case left < 4:
			rest := g
			rest.N = left
			gemmGeneric(rest, transA, c[j:], a, b[j:])
			return
		case left < 8:
			kernels, columns = narrow, 4
		}
		panelNEON(g, kernels, c[j:], a, b[j:], transA, columns)
		j += columns
	}
}

// panelNEON computes one panel of columns: its rows are cut into tiles of nearly equal height.
func panelNEON(g Brgemm, kernels []neonKernel, c, a, b []float32, transA bool, columns int) {
	stepA, accumulate := g.LdA, 0
	if transA {
		stepA = 1
	}
	if g.Accumulate {
		accumulate = 1
	}
	tiles := (g.M + len(kernels) - 1) / len(kernels)
	rows, higher := g.M/tiles, g.M%tiles // the first tiles are one row higher
	i := 0
	for _, part := range [2][2]int{{higher, rows + 1}, {tiles - higher, rows}} {
		height := part[1]
		most := max(1, neonCallLimit/(height*columns*g.K*g.NB))
		for left := part[0]; left > 0; {
			n := min(left, most)
			left -= n
			kernels[height-1](&c[i*g.LdC], &a[i*stepA], &b[0], 4*g.LdA, 4*g.LdB, 4*g.LdC, 4*g.StrideA, 4*g.StrideB, g.K, g.NB, n, accumulate)
			i += n * height
		}
	}
}
