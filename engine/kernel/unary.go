package kernel

// unaryOp numbers the kernels dst = f(x). The stated errors (in units of the last place of the exact value) hold for all float32, denormal results too.
type unaryOp int

const (
	opNeg unaryOp = iota
	opAbs
	opSqrt
	opRsqrt
	opSquare
	opReciprocal
	opExp
	opExpm1
	opLog
	opLog1p
	opTanh
	opSigmoid
	opSoftplus
	opErf
	opSinPi
	opCosPi
	opRelu
	opSign
	opFloor
	opCeil
	opRound
	opBFloat16
	opFloat16
	numUnary
)

func runUnary(op unaryOp, dst, x []float32) {
	x = need(x, len(dst))
	f := active.unary[op]
	for ; len(dst) > chunk; dst, x = dst[chunk:], x[chunk:] {
		f(dst[:chunk], x[:chunk])
	}
	f(dst, x)
}

// Neg sets dst[i] to -x[i].
func Neg(dst, x []float32) { runUnary(opNeg, dst, x) }

// Abs sets dst[i] to |x[i]|.
func Abs(dst, x []float32) { runUnary(opAbs, dst, x) }

// Sqrt sets dst[i] to the square root of x[i].
func Sqrt(dst, x []float32) { runUnary(opSqrt, dst, x) }

// Rsqrt sets dst[i] to 1/sqrt(x[i]) (both operations correctly rounded).
func Rsqrt(dst, x []float32) { runUnary(opRsqrt, dst, x) }

// Square sets dst[i] to x[i]*x[i].
func Square(dst, x []float32) { runUnary(opSquare, dst, x) }

// Reciprocal sets dst[i] to 1/x[i].
func Reciprocal(dst, x []float32) { runUnary(opReciprocal, dst, x) }

// Exp sets dst[i] to e^x[i]; at most 1 ulp off.
func Exp(dst, x []float32) { runUnary(opExp, dst, x) }

// Expm1 sets dst[i] to e^x[i] - 1 without cancellation near 0; at most 1.5 ulp off.
func Expm1(dst, x []float32) { runUnary(opExpm1, dst, x) }

// Log sets dst[i] to the natural logarithm of x[i]; NaN below 0, -Inf at 0; at most 0.8 ulp off.
func Log(dst, x []float32) { runUnary(opLog, dst, x) }

// Log1p sets dst[i] to log(1 + x[i]) without cancellation near 0; at most 0.8 ulp off.
func Log1p(dst, x []float32) { runUnary(opLog1p, dst, x) }

// Tanh sets dst[i] to the hyperbolic tangent of x[i]; at most 1.3 ulp off.
func Tanh(dst, x []float32) { runUnary(opTanh, dst, x) }

// Sigmoid sets dst[i] to 1/(1 + e^-x[i]); at most 2.1 ulp off.
func Sigmoid(dst, x []float32) { runUnary(opSigmoid, dst, x) }

// Softplus sets dst[i] to log(1 + e^x[i]); at most 2 ulp off.
func Softplus(dst, x []float32) { runUnary(opSoftplus, dst, x) }

// Erf sets dst[i] to the error function of x[i]; at most 1 ulp off.
func Erf(dst, x []float32) { runUnary(opErf, dst, x) }

// SinPi sets dst[i] to sin πx[i]; at most 1 ulp off.
func SinPi(dst, x []float32) { runUnary(opSinPi, dst, x) }

// CosPi sets dst[i] to cos πx[i]; at most 1 ulp off.
func CosPi(dst, x []float32) { runUnary(opCosPi, dst, x) }

// Relu sets dst[i] to max(x[i], 0); NaN stays NaN.
func Relu(dst, x []float32) { runUnary(opRelu, dst, x) }

// Sign sets dst[i] to -1, 0 or 1, the sign of x[i]; NaN stays NaN.
func Sign(dst, x []float32) { runUnary(opSign, dst, x) }

// Floor sets dst[i] to the largest integer not above x[i].
func Floor(dst, x []float32) { runUnary(opFloor, dst, x) }

// Ceil sets dst[i] to the smallest integer not below x[i].
func Ceil(dst, x []float32) { runUnary(opCeil, dst, x) }

// Round sets dst[i] to the integer nearest to x[i], ties to even.
func Round(dst, x []float32) { runUnary(opRound, dst, x) }

// BFloat16 sets dst[i] to the bfloat16 (8 bits of exponent, 7 of fraction) nearest to x[i], ties to even.
func BFloat16(dst, x []float32) { runUnary(opBFloat16, dst, x) }

// Float16 sets dst[i] to the IEEE half-precision number nearest to x[i], ties to even; from 65520 on it is infinite.
func Float16(dst, x []float32) { runUnary(opFloat16, dst, x) }
