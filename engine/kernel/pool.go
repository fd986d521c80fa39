package kernel

// Dead is the code of a pooled element that relu has set to zero: no gradient flows through it.
const Dead = 4

// BiasReluMaxPool2x2 pools one NHWC image. src is the output (h, w, c) of a convolution without bias; dst and code are (h/2, w/2, c), a last odd row
// or column of src being left out. dst = max over each 2×2 window of src, plus bias[channel], then max(., 0) if relu. code is the place of
// the winner in its window (0..3, row-major, the first maximum wins; the first NaN wins over numbers), or Dead if relu and max+bias <= 0.
// (TensorFlow's CPU kernel instead skips NaN, Keras's other backends let it through; hiding it would also hide a diverged training.)
// dst and code must not overlap src. Since rounding is monotone, dst has the bits of bias, relu and pooling done one after another.
func BiasReluMaxPool2x2(dst []float32, code []uint8, src, bias []float32, h, w, c int, relu bool) {
	ho, wo := h/2, w/2
	n := wo * c
	if ho <= 0 || n <= 0 {
		return
	}
	src, dst, bias = need(src, h*w*c), need(dst, ho*n), need(bias, c)
	_ = code[ho*n-1]
	for r := range ho {
		active.poolRow(dst[r*n:][:n], code[r*n:][:n], src[2*r*w*c:][:w*c], src[(2*r+1)*w*c:][:w*c], bias, wo, c, relu)
	}
}

// Unpool2x2 is the backward pass of BiasReluMaxPool2x2: dy (h, w, c) becomes zero except at the winners, which get their elements of dp (h/2, w/2, c).
// The gradient of the bias is the sum of the live elements of dp.
func Unpool2x2(dy, dp []float32, code []uint8, h, w, c int) {
	if h <= 0 || w <= 0 || c <= 0 {
		return
	}
	ho, wo, row := h/2, w/2, w*c
	n := wo * c
	dy, dp = need(dy, h*row), need(dp, ho*n)
	if ho*n > 0 {
		_ = code[ho*n-1]
	}
	for r := range ho {
		dy0, dy1 := dy[2*r*row:][:row], dy[(2*r+1)*row:][:row]
		if n > 0 {
			active.unpoolRow(dy0, dy1, dp[r*n:][:n], code[r*n:][:n], wo, c)
		}
		clear(dy0[2*n:])
		clear(dy1[2*n:])
	}
	clear(dy[2*ho*row:])
}
