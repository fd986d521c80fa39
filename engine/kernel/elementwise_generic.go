package kernel

// truth is 1 for true and 0 for false.
func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// larger is the larger of two numbers, NaN if either is NaN; of two zeros the second.
func larger(a, b float32) float32 {
	if a > b || a != a {
		return a
	}
	return b
}

// smaller is the smaller of two numbers, NaN if either is NaN; of two zeros the second.
func smaller(a, b float32) float32 {
	if a < b || a != a {
		return a
	}
	return b
}

// relu keeps positive numbers and NaN; the rest becomes +0.
func relu(x float32) float32 {
	if x <= 0 {
		return 0
	}
	return x
}

// genericBinary holds the portable kernels dst = f(a, b).
var genericBinary = [numBinary]binaryFunc{
	opAdd: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = a[i] + b[i]
		}
	},
	opSub: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = a[i] - b[i]
		}
	},
	opMul: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = a[i] * b[i]
		}
	},
	opDiv: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = a[i] / b[i]
		}
	},
	opMax: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = larger(a[i], b[i])
		}
	},
	opMin: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = smaller(a[i], b[i])
		}
	},
	opGreater: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = truth(a[i] > b[i])
		}
	},
	opGreaterEqual: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = truth(a[i] >= b[i])
		}
	},
	opLess: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = truth(a[i] < b[i])
		}
	},
	opLessEqual: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = truth(a[i] <= b[i])
		}
	},
	opEqual: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = truth(a[i] == b[i])
		}
	},
	opNotEqual: func(dst, a, b []float32) {
		for i := range dst {
			dst[i] = truth(a[i] != b[i])
		}
	},
	opReluGrad: func(dst, dy, y []float32) {
		for i := range dst {
			if y[i] > 0 {
				dst[i] = dy[i]
			} else {
				dst[i] = 0
			}
		}
	},
}

// genericScalar holds the portable kernels dst = f(a, s).
var genericScalar = [numScalar]scalarFunc{
	opAddScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = a[i] + s
		}
	},
	opSubScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = a[i] - s
		}
	},
	opMulScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = a[i] * s
		}
	},
	opDivScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = a[i] / s
		}
	},
	opMaxScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = larger(a[i], s)
		}
	},
	opMinScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = smaller(a[i], s)
		}
	},
	opGreaterScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = truth(a[i] > s)
		}
	},
	opGreaterEqualScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = truth(a[i] >= s)
		}
	},
	opLessScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = truth(a[i] < s)
		}
	},
	opLessEqualScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = truth(a[i] <= s)
		}
	},
	opEqualScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = truth(a[i] == s)
		}
	},
	opNotEqualScalar: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = truth(a[i] != s)
		}
	},
	opScalarSub: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = s - a[i]
		}
	},
	opScalarDiv: func(dst, a []float32, s float32) {
		for i := range dst {
			dst[i] = s / a[i]
		}
	},
}

// genericTernary holds the portable kernels dst = f(a, b, c). The conversion in MulAdd forbids a fused multiply-add.
var genericTernary = [numTernary]ternaryFunc{
	opWhere: func(dst, cond, a, b []float32) {
		for i := range dst {
			if cond[i] != 0 {
				dst[i] = a[i]
			} else {
				dst[i] = b[i]
			}
		}
	},
	opMulAdd: func(dst, a, b, c []float32) {
		for i := range dst {
			dst[i] = float32(a[i]*b[i]) + c[i]
		}
	},
}

// scaleAddGeneric: dst[i] += s·x[i].
func scaleAddGeneric(dst, x []float32, s float32) {
	for i := range dst {
		dst[i] += float32(s * x[i])
	}
}
