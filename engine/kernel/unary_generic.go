package kernel

import "math"

// genericUnary holds the portable kernels dst = f(x); transcendental functions go through float64 and are right to half a unit in the last place.
var genericUnary = [numUnary]unaryFunc{
	opNeg: func(dst, x []float32) {
		for i := range dst {
			dst[i] = -x[i]
		}
	},
	opAbs: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Abs(float64(x[i])))
		}
	},
	opSqrt: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Sqrt(float64(x[i])))
		}
	},
	opRsqrt: func(dst, x []float32) {
		for i := range dst {
			dst[i] = 1 / float32(math.Sqrt(float64(x[i])))
		}
	},
	opSquare: func(dst, x []float32) {
		for i := range dst {
			dst[i] = x[i] * x[i]
		}
	},
	opReciprocal: func(dst, x []float32) {
		for i := range dst {
			dst[i] = 1 / x[i]
		}
	},
	opExp: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Exp(float64(x[i])))
		}
	},
	opExpm1: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Expm1(float64(x[i])))
		}
	},
	opLog: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Log(float64(x[i])))
		}
	},
	opLog1p: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Log1p(float64(x[i])))
		}
	},
	opTanh: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Tanh(float64(x[i])))
		}
	},
	opSigmoid: func(dst, x []float32) {
		for i := range dst {
			dst[i] = sigmoid(x[i])
		}
	},
	opErf: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Erf(float64(x[i])))
		}
	},
	opRelu: func(dst, x []float32) {
		for i := range dst {
			dst[i] = relu(x[i])
		}
	},
	opSign: func(dst, x []float32) {
		for i := range dst {
			dst[i] = sign(x[i])
		}
	},
	opFloor: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Floor(float64(x[i])))
		}
	},
	opCeil: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Ceil(float64(x[i])))
		}
	},
	opRound: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.RoundToEven(float64(x[i])))
		}
	},
}

// sigmoid avoids overflow by working with e^-|x|.
func sigmoid(x float32) float32 {
	e := math.Exp(-math.Abs(float64(x)))
	if x < 0 {
		return float32(e / (1 + e))
	}
	return float32(1 / (1 + e))
}

func sign(x float32) float32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}
