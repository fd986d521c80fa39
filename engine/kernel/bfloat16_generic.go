package kernel

import "math"

// bfloat16Bits is the bfloat16 nearest to x, ties to even.
func bfloat16Bits(x float32) uint32 {
	b := math.Float32bits(x)
	if x != x {
		return (b | 0x400000) >> 16
	}
	return (b + 0x7fff + b>>16&1) >> 16
}

// pair rounds two numbers.
func pair(first, second float32) float32 {
	return math.Float32frombits(bfloat16Bits(first) | bfloat16Bits(second)<<16)
}

// unpair returns the numbers of a pair.
func unpair(p float32) (first, second float32) {
	b := math.Float32bits(p)
	return math.Float32frombits(b << 16), math.Float32frombits(b & 0xffff0000)
}

// packPairsGeneric makes pairs of neighbours; behind an odd number of them comes a zero.
func packPairsGeneric(dst, src []float32) {
	for i := range dst {
		second := float32(0)
		if 2*i+1 < len(src) {
			second = src[2*i+1]
		}
		dst[i] = pair(src[2*i], second)
	}
}

// mixPairsGeneric makes pairs of a's and b's elements.
func mixPairsGeneric(dst, a, b []float32) {
	for i := range dst {
		dst[i] = pair(a[i], b[i])
	}
}

// mixPanelGeneric makes pairs of rows 2i and 2i+1, of panelN numbers.
func mixPanelGeneric(dst, src []float32, lds, pairs int) {
	for i := range pairs {
		mixPairsGeneric(dst[i*panelN:][:panelN], src[2*i*lds:], src[(2*i+1)*lds:])
	}
}

// gemmPairsGeneric is gemmGeneric for pairs.
func gemmPairsGeneric(g Brgemm, transA bool, c, a, b []float32) {
	g.beginWithBias(c)
	stepI, stepK := g.LdA, 1
	if transA {
		stepI, stepK = 1, g.LdA
	}
	for i := range g.M {
		row := c[i*g.LdC:][:g.N]
		if !g.Accumulate {
			clear(row)
		}
		for batch := range g.NB {
			for k := range g.K {
				a0, a1 := unpair(a[batch*g.StrideA+i*stepI+k*stepK])
				for j, p := range b[batch*g.StrideB+k*g.LdB:][:g.N] {
					b0, b1 := unpair(p)
					row[j] += a0*b0 + a1*b1
				}
			}
		}
	}
}
