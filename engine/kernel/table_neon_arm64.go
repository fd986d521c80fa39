//go:build arm64 && !noasm

package kernel

// tableNEON has vector code for matrix products, elementwise and transcendental functions, sums, optimizers, attention, layer normalization and gates; all else is portable.
func tableNEON() *table {
	t := generic
	t.isa = "neon"
	t.gemm = gemmNEON
	t.fmaPeak = fmaPeakNEON
	t.binary = [numBinary]binaryFunc{
		opAdd: addNEON, opSub: subNEON, opMul: mulNEON, opDiv: divNEON, opMax: maxNEON, opMin: minNEON, opGreater: greaterNEON, opGreaterEqual: greaterEqualNEON,
		opLess: lessNEON, opLessEqual: lessEqualNEON, opEqual: equalNEON, opNotEqual: notEqualNEON, opReluGrad: reluGradNEON,
	}
	t.scalar = [numScalar]scalarFunc{
		opAddScalar: addScalarNEON, opSubScalar: subScalarNEON, opMulScalar: mulScalarNEON, opDivScalar: divScalarNEON, opMaxScalar: maxScalarNEON, opMinScalar: minScalarNEON,
		opScalarSub: scalarSubNEON, opScalarDiv: scalarDivNEON, opGreaterScalar: greaterScalarNEON, opGreaterEqualScalar: greaterEqualScalarNEON,
		opLessScalar: lessScalarNEON, opLessEqualScalar: lessEqualScalarNEON, opEqualScalar: equalScalarNEON, opNotEqualScalar: notEqualScalarNEON,
	}
	for op, f := range map[unaryOp]unaryFunc{
		opNeg: negNEON, opAbs: absNEON, opSqrt: sqrtNEON, opRsqrt: rsqrtNEON, opSquare: squareNEON, opReciprocal: reciprocalNEON, opExp: expNEON, opExpm1: expm1NEON,
		opLog: logNEON, opLog1p: log1pNEON, opTanh: tanhNEON, opSigmoid: sigmoidNEON, opErf: erfNEON, opRelu: reluNEON, opFloor: floorNEON, opCeil: ceilNEON, opRound: roundNEON,
	} {
		t.unary[op] = f
	}
	t.ternary = [numTernary]ternaryFunc{opWhere: whereNEON, opMulAdd: mulAddNEON}
	t.reduce = [numReduce]reduceFunc{opSum: sumNEON, opSumSquares: sumSquaresNEON, opMaxOf: maxOfNEON, opMinOf: minOfNEON}
	t.addRows = [numAddRows]rowsFunc{opAddBias: addBiasNEON, opAddBiasRelu: addBiasReluNEON}
	t.sumRows = sumRowsNEON
	t.scaleAdd, t.dot, t.expSub, t.expSubSum = scaleAddNEON, dotNEON, expSubNEON, expSubSumNEON
	t.attentionWeights, t.attentionGrad = attentionWeightsNEON, attentionGradNEON
	t.layerNorm, t.rmsNorm = layerNormOf(false), layerNormOf(true)
	t.adam, t.adamAMS, t.sgdMomentum, t.sgdNesterov = adamNEON, adamAMSNEON, sgdMomentumNEON, sgdNesterovNEON
	t.gates.lstmForward, t.gates.gruForward = lstmForwardNEON, gruForwardNEON
	t.gates.lstmStep = func(h, next, z, bias, c []float32, rows, cols int) {
		lstmForwardNEON(h, next, nil, z, bias, c, rows, cols)
	}
	t.gates.gruStep = func(next, x, p, biasX, biasH, h []float32, rows, cols int) {
		gruForwardNEON(next, nil, x, p, biasX, biasH, h, rows, cols)
	}
	return &t
}
