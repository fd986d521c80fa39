package kernel

// generic is the portable table: the reference for all others.
var generic = table{
	isa:         "generic",
	binary:      genericBinary,
	scalar:      genericScalar,
	unary:       genericUnary,
	ternary:     genericTernary,
	reduce:      genericReduce,
	addRows:     genericAddRows,
	gemm:        gemmGeneric,
	gemmPairs:   gemmPairsGeneric,
	packPairs:   packPairsGeneric,
	mixPairs:    mixPairsGeneric,
	mixPanel:    mixPanelGeneric,
	transpose:   transposeGeneric,
	packPanel:   packPanelGeneric,
	packPanelT:  packPanelTGeneric,
	scaleAdd:    scaleAddGeneric,
	dot:         dotGeneric,
	sumRows:     sumRowsGeneric,
	expSub:      expSubGeneric,
	expSubSum:   expSubSumGeneric,
	adam:        adamGeneric,
	adamAMS:     adamAMSGeneric,
	sgdMomentum: sgdMomentumGeneric,
	sgdNesterov: sgdNesterovGeneric,
	uniform:     uniformGeneric,
	poolRow:     poolRowGeneric,
	unpoolRow:   unpoolRowGeneric,
	sparseSum:   sparseSumGeneric,
	sparseBuild: sparseBuildGeneric,
	nonzeros:    nonzerosGeneric,
	sumLive:     sumLiveGeneric,
	quads:       quadsGeneric,
	thinGrad:    thinGradGeneric,
	fmaPeak:     fmaPeakGeneric,

	attentionWeights: attentionWeightsGeneric,
	attentionGrad:    attentionGradGeneric,

	norm: &genericNorm,

	layerNorm: genericLayerNorm(false),
	rmsNorm:   genericLayerNorm(true),

	gates: genericGates,

	winograd: genericWinograd,
}
