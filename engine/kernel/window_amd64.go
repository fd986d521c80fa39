//go:build amd64 && !noasm

package kernel

// init completes the tables; it runs after that of dispatch.go, which makes them.
func init() {
	for _, t := range tables {
		switch t.vectors() {
		case "avx512":
			t.window = &windowKernels{windowMulAddAVX512, windowMulAddGradAVX512, windowMaxAVX512, windowMaxGradAVX512, windowSumAVX512, windowSumGradAVX512}
		case "avx2":
			t.window = &windowKernels{windowMulAddAVX2, windowMulAddGradAVX2, windowMaxAVX2, windowMaxGradAVX2, windowSumAVX2, windowSumGradAVX2}
		}
	}
}
