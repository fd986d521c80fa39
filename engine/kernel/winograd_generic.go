package kernel

// winogradInputGeneric: Bᵀ of the points 0, ±a, ±b, ∞.
func winogradInputGeneric(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b, aa, bb = winogradA, winogradB, winogradA * winogradA, winogradB * winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			d0, d1, d2, d3, d4, d5 := s[0], s[srcRow], s[2*srcRow], s[3*srcRow], s[4*srcRow], s[5*srcRow]
			evenA, oddA, evenB, oddB := d4-bb*d2, d3-bb*d1, d4-aa*d2, d3-aa*d1
			d[0], d[dstRow], d[2*dstRow] = aa*bb*d0+(d4-(aa+bb)*d2), evenA+a*oddA, evenA-a*oddA
			d[3*dstRow], d[4*dstRow], d[5*dstRow] = evenB+b*oddB, evenB-b*oddB, aa*bb*d1+(d5-(aa+bb)*d3)
		}
	}
}

// winogradOutput2Generic: Aᵀ for two outputs.
func winogradOutput2Generic(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b = winogradA, winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			m0, m1, m2, m3, m4, m5 := s[0], s[srcRow], s[2*srcRow], s[3*srcRow], s[4*srcRow], s[5*srcRow]
			d[0], d[dstRow] = m0+(m1+m2)+(m3+m4), a*(m1-m2)+b*(m3-m4)+m5
		}
	}
}

// winogradOutput4Generic: Aᵀ for four outputs.
func winogradOutput4Generic(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	const a, b, aa, bb = winogradA, winogradB, winogradA * winogradA, winogradB * winogradB
	for block := range blocks {
		for i := range n {
			s, d := src[block*srcBlock+i:], dst[block*dstBlock+i:]
			m0, m1, m2, m3, m4, m5 := s[0], s[srcRow], s[2*srcRow], s[3*srcRow], s[4*srcRow], s[5*srcRow]
			evenA, evenB, oddA, oddB := m1+m2, m3+m4, m1-m2, m3-m4
			d[0], d[dstRow] = m0+evenA+evenB, a*oddA+b*oddB
			d[2*dstRow], d[3*dstRow] = aa*evenA+bb*evenB, a*aa*oddA+b*bb*oddB+m5
		}
	}
}
