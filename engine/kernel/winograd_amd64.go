//go:build amd64 && !noasm

package kernel

func init() {
	for _, t := range tables {
		switch t.vectors() {
		case "avx512":
			t.winograd = winogradKernels{
				input:       inBytes(winogradInputAVX512),
				weights:     [2]winogradFunc{inBytes(winogradWeights3AVX512), inBytes(winogradWeights5AVX512)},
				output:      [2]winogradFunc{inBytes(winogradOutput4AVX512), inBytes(winogradOutput2AVX512)},
				weightsGrad: inBytes(winogradWeightsGradAVX512),
				grad:        inBytes(winogradGradAVX512),
			}
		case "avx2":
			t.winograd = winogradKernels{
				input:       inBytes(winogradInputAVX2),
				weights:     [2]winogradFunc{inBytes(winogradWeights3AVX2), inBytes(winogradWeights5AVX2)},
				output:      [2]winogradFunc{inBytes(winogradOutput4AVX2), inBytes(winogradOutput2AVX2)},
				weightsGrad: inBytes(winogradWeightsGradAVX2),
				grad:        inBytes(winogradGradAVX2),
			}
		}
	}
}

// inBytes calls a kernel, which counts distances in bytes.
func inBytes(f func(dst, src *float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int)) winogradFunc {
	return func(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int) {
		f(&dst[0], &src[0], n, blocks, 4*dstRow, 4*srcRow, 4*dstBlock, 4*srcBlock)
	}
}
