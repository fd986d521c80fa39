//go:build amd64 && !noasm

package kernel

var (
	gemmPairsNNSetAVX512 = gemmSet{lanes: 16, full: gemmFullPairsNNAVX512, ragged: gemmRaggedPairsNNAVX512, narrow: gemmNarrowPairsNNAVX512}
	gemmPairsTNSetAVX512 = gemmSet{lanes: 16, full: gemmFullPairsTNAVX512, ragged: gemmRaggedPairsTNAVX512, narrow: gemmNarrowPairsTNAVX512}
)

// gemmPairsAVX512 needs AVX512_BF16.
func gemmPairsAVX512(g Brgemm, transA bool, c, a, b []float32) {
	if transA {
		gemmPairsTNSetAVX512.run(&g, c, a, b, true)
	} else {
		gemmPairsNNSetAVX512.run(&g, c, a, b, false)
	}
}

// packPairsVector converts whole vectors and leaves the rest to the portable code.
func packPairsVector(dst, src []float32) {
	whole := len(src) / 32 * 16
	if whole > 0 {
		_ = dst[whole-1]
		packPairsAVX512(&dst[0], &src[0], whole)
	}
	packPairsGeneric(dst[whole:], src[2*whole:])
}

func mixPanelVector(dst, src []float32, lds, pairs int) {
	if pairs > 0 {
		_, _ = dst[pairs*panelN-1], src[(2*pairs-1)*lds+panelN-1]
		mixPanelAVX512(&dst[0], &src[0], 4*lds, pairs)
	}
}

// tableAVX512BF16 is tableAVX512 with fast products of bfloat16 numbers.
func tableAVX512BF16() *table {
	t := tableAVX512()
	t.isa, t.gemmPairs, t.fastPairs = "avx512bf16", gemmPairsAVX512, true
	return t
}
