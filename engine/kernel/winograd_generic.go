package kernel

// The portable transforms compute in float64, and so do the products between them: each result is rounded once, so that the whole is about as exact beside the
// portable direct convolution, which adds products four at a time, as the vector kernels are beside theirs.

// wide converts six floats that lie a row apart.
func wide(s []float32, row int) (x0, x1, x2, x3, x4, x5 float64) {
	return float64(s[0]), float64(s[row]), float64(s[2*row]), float64(s[3*row]), float64(s[4*row]), float64(s[5*row])
}

var genericWinograd = winogradKernels{
	input:       winogradInputGeneric,
	weights:     [2]winogradFunc{winogradMatrix(winogradG(3)), winogradMatrix(winogradG(5))},
	output:      [2]winogradFunc{winogradOutput4Generic, winogradOutput2Generic},
	weightsGrad: winogradMatrix(transposed(winogradG(3))),
	grad:        winogradGradGeneric,
}

// winogradG is the matrix that transforms k weights: row i is (1, x, x², …)/Π(x-y), x being point i and y the other ones but ∞. The last row, of ∞, is 1 in the
// last column.
func winogradG(k int) [][]float64 {
	points := [5]float64{0, winogradA, -winogradA, winogradB, -winogradB}
	g := make([][]float64, 6)
	for i := range g {
		g[i] = make([]float64, k)
	}
	g[5][k-1] = 1
	for i, x := range points {
		v := 1.
		for j, y := range points {
			if j != i {
				v /= x - y
			}
		}
		for j := range k {
			g[i][j] = v
			v *= x
		}
	}
	return g
}

func transposed(m [][]float64) [][]float64 {
	t := make([][]float64, len(m[0]))
	for j := range t {
		for i := range m {
			t[j] = append(t[j], m[i][j])
		}
	}
	return t
}

// winogradMatrix is the transform by a matrix.
func winogradMatrix(m [][]float64) winogradFunc {
	return func(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
		for block := range blocks {
			for i := range n {
				for r, row := range m {
					sum := 0.
					for k, v := range row {
						sum += v * float64(src[block*srcBlock+k*srcRow+i])
					}
					dst[block*dstBlock+r*dstRow+i] = float32(sum)
				}
			}
		}
	}
}

// winogradInputGeneric: Bᵀ of the points 0, ±a, ±b, ∞.
func winogradInputGeneric(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b, aa, bb = winogradA, winogradB, winogradA * winogradA, winogradB * winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			d0, d1, d2, d3, d4, d5 := wide(s, srcRow)
			evenA, oddA, evenB, oddB := d4-bb*d2, d3-bb*d1, d4-aa*d2, d3-aa*d1
			d[0], d[dstRow], d[2*dstRow] = float32(aa*bb*d0+(d4-(aa+bb)*d2)), float32(evenA+a*oddA), float32(evenA-a*oddA)
			d[3*dstRow], d[4*dstRow], d[5*dstRow] = float32(evenB+b*oddB), float32(evenB-b*oddB), float32(aa*bb*d1+(d5-(aa+bb)*d3))
		}
	}
}

// winogradOutput2Generic: Aᵀ for two outputs.
func winogradOutput2Generic(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b = winogradA, winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			m0, m1, m2, m3, m4, m5 := wide(s, srcRow)
			d[0], d[dstRow] = float32(m0+(m1+m2)+(m3+m4)), float32(a*(m1-m2)+b*(m3-m4)+m5)
		}
	}
}

// winogradOutput4Generic: Aᵀ for four outputs.
func winogradOutput4Generic(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b, aa, bb = winogradA, winogradB, winogradA * winogradA, winogradB * winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			m0, m1, m2, m3, m4, m5 := wide(s, srcRow)
			evenA, evenB, oddA, oddB := m1+m2, m3+m4, m1-m2, m3-m4
			d[0], d[dstRow] = float32(m0+evenA+evenB), float32(a*oddA+b*oddB)
			d[2*dstRow], d[3*dstRow] = float32(aa*evenA+bb*evenB), float32(a*aa*oddA+b*bb*oddB+m5)
		}
	}
}

// winogradGradGeneric: A for four outputs.
func winogradGradGeneric(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b, aa, bb = winogradA, winogradB, winogradA * winogradA, winogradB * winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			y0, y1, y2, y3 := float64(s[0]), float64(s[srcRow]), float64(s[2*srcRow]), float64(s[3*srcRow])
			evenA, oddA, evenB, oddB := y0+aa*y2, a*(y1+aa*y3), y0+bb*y2, b*(y1+bb*y3)
			d[0], d[dstRow], d[2*dstRow] = s[0], float32(evenA+oddA), float32(evenA-oddA)
			d[3*dstRow], d[4*dstRow], d[5*dstRow] = float32(evenB+oddB), float32(evenB-oddB), s[3*srcRow]
		}
	}
}
