//go:build amd64 && !noasm

package kernel

// init completes the tables; it runs after that of dispatch.go, which makes them.
func init() {
	for _, t := range tables {
		switch t.vectors() {
		case "avx512":
			t.norm = &normKernels{normMomentsAVX512, normSumsAVX512, normSumsMaskedAVX512, normSumsStoreAVX512,
				normForwardAVX512, normForwardAddAVX512, normBackwardAVX512, normBackwardMaskedAVX512}
			t.layerNorm = layerNormKernels{layerNormAVX512, layerNormGradAVX512}
			t.rmsNorm = layerNormKernels{rmsNormAVX512, rmsNormGradAVX512}
			t.attentionWeights, t.attentionGrad = attentionWeightsAVX512, attentionGradAVX512
			t.gates = gateKernels{lstmForwardAVX512, lstmStepAVX512, lstmBackwardAVX512, gruForwardAVX512, gruStepAVX512, gruBackwardAVX512}
		case "avx2":
			t.norm = &normKernels{normMomentsAVX2, normSumsAVX2, normSumsMaskedAVX2, normSumsStoreAVX2,
				normForwardAVX2, normForwardAddAVX2, normBackwardAVX2, normBackwardMaskedAVX2}
			t.layerNorm = layerNormKernels{layerNormAVX2, layerNormGradAVX2}
			t.rmsNorm = layerNormKernels{rmsNormAVX2, rmsNormGradAVX2}
			t.attentionWeights, t.attentionGrad = attentionWeightsAVX2, attentionGradAVX2
			t.gates = gateKernels{lstmForwardAVX2, lstmStepAVX2, lstmBackwardAVX2, gruForwardAVX2, gruStepAVX2, gruBackwardAVX2}
		}
	}
}
