package ops

import "math"

// UnaryKind names a function of one number.
type UnaryKind uint8

// The functions of one number. Their formulas are in unaryFuncs.
const (
	UnaryNeg UnaryKind = iota
	UnaryAbs
	UnarySign
	UnaryExp
	UnaryExpm1
	UnaryLog
	UnaryLog1p
	UnarySqrt
	UnaryRsqrt
	UnarySquare
	UnaryReciprocal
	UnarySin
	UnaryCos
	UnaryAtan
	UnaryTanh
	UnarySigmoid
	UnaryErf
	UnaryRelu
	UnaryFloor
	UnaryCeil
	UnaryRound
	UnarySoftplus
	UnaryLogSigmoid
	UnaryNot
	UnaryBFloat16
	UnaryFloat16
	unaryKinds // how many there are
)

var unaryNames = [unaryKinds]string{
	"Neg", "Abs", "Sign", "Exp", "Expm1", "Log", "Log1p", "Sqrt", "Rsqrt", "Square", "Reciprocal", "Sin", "Cos", "Atan",
	"Tanh", "Sigmoid", "Erf", "Relu", "Floor", "Ceil", "Round", "Softplus", "LogSigmoid", "Not",
	"BFloat16", "Float16",
}

// String returns the name of the function that applies k, such as "Exp".
func (k UnaryKind) String() string {
	if k < unaryKinds {
		return unaryNames[k]
	}
	return "Unary?"
}

// Func returns the function that k names.
func (k UnaryKind) Func() func(float64) float64 { return unaryFuncs[k] }

// Integer reports whether the function is defined on integers too.
func (k UnaryKind) Integer() bool {
	switch k {
	case UnaryNeg, UnaryAbs, UnarySign, UnarySquare, UnaryRelu, UnaryNot:
		return true
	}
	return false
}

var unaryFuncs = [unaryKinds]func(float64) float64{
	UnaryNeg:        func(x float64) float64 { return -x },
	UnaryAbs:        math.Abs,
	UnarySign:       sign,
	UnaryExp:        math.Exp,
	UnaryExpm1:      math.Expm1,
	UnaryLog:        math.Log,
	UnaryLog1p:      math.Log1p,
	UnarySqrt:       math.Sqrt,
	UnaryRsqrt:      func(x float64) float64 { return 1 / math.Sqrt(x) },
	UnarySquare:     func(x float64) float64 { return x * x },
	UnaryReciprocal: func(x float64) float64 { return 1 / x },
	UnarySin:        math.Sin,
	UnaryCos:        math.Cos,
	UnaryAtan:       math.Atan,
	UnaryTanh:       math.Tanh,
	UnarySigmoid:    sigmoid,
	UnaryErf:        math.Erf,
	UnaryRelu:       func(x float64) float64 { return max(x, 0) }, // max keeps NaN
	UnaryFloor:      math.Floor,
	UnaryCeil:       math.Ceil,
	UnaryRound:      math.RoundToEven,
	UnarySoftplus:   softplus,
	UnaryLogSigmoid: func(x float64) float64 { return -softplus(-x) },
	UnaryNot:        func(x float64) float64 { return truth(x == 0) },
	UnaryBFloat16:   bfloat16,
	UnaryFloat16:    float16,
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// sign returns -1, 0, 1 or NaN.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// sigmoid computes 1/(1+exp(-x)) without overflow.
func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// softplus computes log(1+exp(x)) without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// bfloat16 rounds to the nearest number with 8 bits of exponent and 7 of fraction, ties to even. The number is taken as float32 first, as Keras's
// backends do.
func bfloat16(x float64) float64 {
	if x != x {
		return x
	}
	b := math.Float32bits(float32(x))
	return float64(math.Float32frombits((b + 0x7fff + b>>16&1) &^ 0xffff))
}

// float16 rounds to the nearest IEEE half-precision number, ties to even.
func float16(x float64) float64 {
	x = float64(float32(x))
	a := math.Abs(x)
	switch {
	case x != x || a == 0:
		return x
	case a >= 65520: // half way from the largest number to the next that would be
		return math.Copysign(math.Inf(1), x)
	}
	_, e := math.Frexp(a)
	unit := math.Ldexp(1, max(e-11, -24))
	return math.RoundToEven(x/unit) * unit
}
