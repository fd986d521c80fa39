package kernel

// poolRowGeneric makes one row of wo pooled pixels from two rows of the source.
func poolRowGeneric(dst []float32, code []uint8, src0, src1, bias []float32, wo, c int, relu bool) {
	for p := range wo {
		left, right := 2*p*c, (2*p+1)*c
		for ch := range c {
			best, k := src0[left+ch], uint8(0)
			if v := src0[right+ch]; beats(v, best) {
				best, k = v, 1
			}
			if v := src1[left+ch]; beats(v, best) {
				best, k = v, 2
			}
			if v := src1[right+ch]; beats(v, best) {
				best, k = v, 3
			}
			best += bias[ch]
			if relu && best <= 0 {
				best, k = 0, Dead
			}
			dst[p*c+ch], code[p*c+ch] = best, k
		}
	}
}

// beats reports whether v takes the place of best: it is larger, or the first NaN.
func beats(v, best float32) bool { return !(v <= best) && best == best }

// unpoolRowGeneric writes two rows of the gradient image from one row of wo pooled pixels.
func unpoolRowGeneric(dy0, dy1, dp []float32, code []uint8, wo, c int) {
	for p := range wo {
		for ch := range c {
			var g [5]float32
			g[min(code[p*c+ch], Dead)] = dp[p*c+ch]
			dy0[2*p*c+ch], dy0[(2*p+1)*c+ch] = g[0], g[1]
			dy1[2*p*c+ch], dy1[(2*p+1)*c+ch] = g[2], g[3]
		}
	}
}
