package kernel

// The portable transforms compute in float64: each of their results is rounded once, so that the whole is about as exact beside the portable direct
// convolution, which adds products four at a time, as the vector kernels are beside theirs.

// wide converts six floats that lie a row apart.
func wide(s []float32, row int) (x0, x1, x2, x3, x4, x5 float64) {
	return float64(s[0]), float64(s[row]), float64(s[2*row]), float64(s[3*row]), float64(s[4*row]), float64(s[5*row])
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
