//go:build amd64 && !noasm

package kernel

// The kernels count distances in bytes.
func init() {
	for _, t := range tables {
		switch t.vectors() {
		case "avx512":
			t.winogradInput, t.winogradOutput2, t.winogradOutput4 = winogradInputFloats512, winogradOutput2Floats512, winogradOutput4Floats512
		case "avx2":
			t.winogradInput, t.winogradOutput2, t.winogradOutput4 = winogradInputFloats2, winogradOutput2Floats2, winogradOutput4Floats2
		}
	}
}

func winogradInputFloats512(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	winogradInputAVX512(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
}

func winogradOutput2Floats512(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	winogradOutput2AVX512(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
}

func winogradOutput4Floats512(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	winogradOutput4AVX512(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
}

func winogradInputFloats2(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	winogradInputAVX2(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
}

func winogradOutput2Floats2(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	winogradOutput2AVX2(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
}

func winogradOutput4Floats2(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
	winogradOutput4AVX2(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
}
