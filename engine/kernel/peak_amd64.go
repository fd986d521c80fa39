//go:build amd64 && !noasm

package kernel

func fmaPeakAVX512(iterations int) (flops float64) {
	fmaLoopAVX512(iterations)
	return float64(iterations) * 768 * 2
}

func fmaPeakAVX2(iterations int) (flops float64) {
	fmaLoopAVX2(iterations)
	return float64(iterations) * 192 * 2
}
