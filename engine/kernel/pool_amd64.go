//go:build amd64 && !noasm

package kernel

func poolRowAVX512(dst []float32, code []uint8, src0, src1, bias []float32, wo, c int, relu bool) {
	if relu {
		poolRowReluAVX512(dst, code, src0, src1, bias, wo, c)
	} else {
		poolRowLinearAVX512(dst, code, src0, src1, bias, wo, c)
	}
}

func poolRowAVX2(dst []float32, code []uint8, src0, src1, bias []float32, wo, c int, relu bool) {
	if relu {
		poolRowReluAVX2(dst, code, src0, src1, bias, wo, c)
	} else {
		poolRowLinearAVX2(dst, code, src0, src1, bias, wo, c)
	}
}
