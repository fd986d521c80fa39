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
	opSoftplus: func(dst, x []float32) {
		for i := range dst {
			v := float64(x[i])
			dst[i] = float32(max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))))
		}
	},
	opErf: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(math.Erf(float64(x[i])))
		}
	},
	opSinPi: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(circle(float64(x[i]), 0))
		}
	},
	opCosPi: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float32(circle(float64(x[i]), 1))
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
	opBFloat16: func(dst, x []float32) {
		for i := range dst {
			dst[i] = bfloat16(x[i])
		}
	},
	opFloat16: func(dst, x []float32) {
		for i := range dst {
			dst[i] = float16(x[i])
		}
	},
}

func bfloat16(x float32) float32 {
	if x != x {
		return x
	}
	return math.Float32frombits(roundBits(math.Float32bits(x), 16))
}

// float16 rounds numbers below 2^-14 to multiples of 2^-24, which is the last place of float32s from 1/2 to 1.
func float16(x float32) float32 {
	a := float32(math.Abs(float64(x)))
	switch {
	case x != x:
		return x
	case a >= 65520:
		a = float32(math.Inf(1))
	case a < 0x1p-14:
		a = float32(a+0.5) - 0.5
	default:
		a = math.Float32frombits(roundBits(math.Float32bits(a), 13))
	}
	return float32(math.Copysign(float64(a), float64(x)))
}

// roundBits clears the n lowest bits, rounding to nearest, ties to even.
func roundBits(b uint32, n int) uint32 {
	return (b + 1<<(n-1) - 1 + b>>n&1) &^ (1<<n - 1)
}

// circle is sin π(x + ahead/2). Cutting x into quarters of a turn and a rest is exact.
func circle(x float64, ahead int) float64 {
	n := math.RoundToEven(2 * x)
	f := math.Pi * (x - n/2)
	q := int(math.Mod(n, 4)) + ahead
	y := math.Sin(f)
	if q&1 != 0 {
		y = math.Cos(f)
	}
	if q&2 != 0 {
		y = -y
	}
	return y
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
