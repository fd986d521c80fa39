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
	transpose:   transposeGeneric,
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
	fmaPeak:     fmaPeakGeneric,
}
