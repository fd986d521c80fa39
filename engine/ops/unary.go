package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// UnaryOp applies a function of one number to every element.
type UnaryOp struct{ Kind UnaryKind }

// Infer keeps the shape and the type; Not turns integers into float32.
func (o UnaryOp) Infer(in []spec) ([]spec, error) {
	name := o.Kind.String()
	if err := wantInputs(name, in, 1); err != nil {
		return nil, err
	}
	check := wantFloat
	if o.Kind.Integer() {
		check = wantNumber
	}
	if err := check(name, in...); err != nil {
		return nil, err
	}
	if o.Kind == UnaryNot {
		return one(truthType(in[0].DType), in[0].Shape)
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient multiplies by the derivative of the function.
func (o UnaryOp) Gradient(in, out, dout []value) []value {
	x, y, dy := in[0], out[0], dout[0]
	var dx value
	switch o.Kind {
	case UnaryNeg:
		dx = Neg(dy)
	case UnaryAbs:
		dx = Mul(dy, Sign(x))
	case UnaryExp:
		dx = Mul(dy, y)
	case UnaryExpm1:
		dx = Mul(dy, Exp(x))
	case UnaryLog:
		dx = Div(dy, x)
	case UnaryLog1p:
		dx = Div(dy, AddScalar(x, 1))
	case UnarySqrt:
		dx = Div(MulScalar(dy, 0.5), y)
	case UnaryRsqrt:
		dx = Mul(MulScalar(dy, -0.5), Mul(y, Square(y)))
	case UnarySquare:
		dx = Mul(dy, MulScalar(x, 2))
	case UnaryReciprocal:
		dx = Neg(Mul(dy, Square(y)))
	case UnarySin:
		dx = Mul(dy, Cos(x))
	case UnaryCos:
		dx = Neg(Mul(dy, Sin(x)))
	case UnaryAtan:
		dx = Div(dy, AddScalar(Square(x), 1))
	case UnaryTanh:
		dx = Mul(dy, SubScalarFrom(1, Square(y)))
	case UnarySigmoid:
		dx = Mul(dy, Mul(y, SubScalarFrom(1, y)))
	case UnaryErf:
		dx = Mul(dy, MulScalar(Exp(Neg(Square(x))), 2/math.SqrtPi))
	case UnaryRelu:
		dx = Where(GreaterScalar(y, 0), dy, Scalar(dy, 0))
	case UnarySoftplus:
		dx = Mul(dy, Sigmoid(x))
	case UnaryLogSigmoid:
		dx = Mul(dy, Sigmoid(Neg(x)))
	case UnaryBFloat16, UnaryFloat16: // the gradient of a cast is a cast
		dx = unary(o.Kind, dy)
	case UnarySign, UnaryFloor, UnaryCeil, UnaryRound, UnaryNot: // flat almost everywhere
	}
	return []value{dx}
}

// Eval applies the function in float64.
func (o UnaryOp) Eval(out, in []array) {
	f := o.Kind.Func()
	switch in[0].DType() {
	case tensor.Float32:
		mapElements[float32, float32](out[0], in[0], f)
	case tensor.Float64:
		mapElements[float64, float64](out[0], in[0], f)
	case tensor.Int32:
		if o.Kind == UnaryNot {
			mapElements[float32, int32](out[0], in[0], f)
		} else {
			mapElements[int32, int32](out[0], in[0], f)
		}
	case tensor.Int64:
		if o.Kind == UnaryNot {
			mapElements[float32, int64](out[0], in[0], f)
		} else {
			mapElements[int64, int64](out[0], in[0], f)
		}
	}
}

func mapElements[O, I number](out, in array, f func(float64) float64) {
	y := tensor.Data[O](out)
	for i, x := range tensor.Data[I](in) {
		y[i] = O(f(float64(x)))
	}
}

func unary(k UnaryKind, x value) value { return graph.Apply1(UnaryOp{k}, x) }

// Neg returns -x.
func Neg(x graph.Value) graph.Value { return unary(UnaryNeg, x) }

// Abs returns |x|; its gradient at 0 is 0.
func Abs(x graph.Value) graph.Value { return unary(UnaryAbs, x) }

// Sign returns -1, 0 or 1, and NaN for NaN. It has no gradient.
func Sign(x graph.Value) graph.Value { return unary(UnarySign, x) }

// Exp returns e to the power x.
func Exp(x graph.Value) graph.Value { return unary(UnaryExp, x) }

// Expm1 returns exp(x)-1, exact for small x.
func Expm1(x graph.Value) graph.Value { return unary(UnaryExpm1, x) }

// Log returns the natural logarithm of x.
func Log(x graph.Value) graph.Value { return unary(UnaryLog, x) }

// Log1p returns log(1+x), exact for small x.
func Log1p(x graph.Value) graph.Value { return unary(UnaryLog1p, x) }

// Sqrt returns the square root of x.
func Sqrt(x graph.Value) graph.Value { return unary(UnarySqrt, x) }

// Rsqrt returns 1/sqrt(x).
func Rsqrt(x graph.Value) graph.Value { return unary(UnaryRsqrt, x) }

// Square returns x·x.
func Square(x graph.Value) graph.Value { return unary(UnarySquare, x) }

// Reciprocal returns 1/x.
func Reciprocal(x graph.Value) graph.Value { return unary(UnaryReciprocal, x) }

// Sin returns the sine of x in radians.
func Sin(x graph.Value) graph.Value { return unary(UnarySin, x) }

// Cos returns the cosine of x in radians.
func Cos(x graph.Value) graph.Value { return unary(UnaryCos, x) }

// Atan computes the inverse tangent, in radians.
func Atan(x graph.Value) graph.Value { return unary(UnaryAtan, x) }

// Tanh returns the hyperbolic tangent of x.
func Tanh(x graph.Value) graph.Value { return unary(UnaryTanh, x) }

// Sigmoid returns 1/(1+exp(-x)).
func Sigmoid(x graph.Value) graph.Value { return unary(UnarySigmoid, x) }

// Erf returns the error function of x.
func Erf(x graph.Value) graph.Value { return unary(UnaryErf, x) }

// Relu returns max(x, 0); its gradient at 0 is 0.
func Relu(x graph.Value) graph.Value { return unary(UnaryRelu, x) }

// Floor returns the largest integer not above x. It has no gradient.
func Floor(x graph.Value) graph.Value { return unary(UnaryFloor, x) }

// Ceil returns the smallest integer not below x. It has no gradient.
func Ceil(x graph.Value) graph.Value { return unary(UnaryCeil, x) }

// Round returns the nearest integer, halves to the even one. It has no gradient.
func Round(x graph.Value) graph.Value { return unary(UnaryRound, x) }

// Softplus returns log(1+exp(x)).
func Softplus(x graph.Value) graph.Value { return unary(UnarySoftplus, x) }

// LogSigmoid returns log(sigmoid(x)).
func LogSigmoid(x graph.Value) graph.Value { return unary(UnaryLogSigmoid, x) }

// Not returns 1 where x is 0, and 0 elsewhere. It has no gradient.
func Not(x graph.Value) graph.Value { return unary(UnaryNot, x) }

// BFloat16 rounds x to numbers that bfloat16 has, ties to even, as Keras's cast to
// bfloat16 does; the type stays. Its gradient is rounded likewise.
func BFloat16(x graph.Value) graph.Value { return unary(UnaryBFloat16, x) }

// Float16 is BFloat16 for IEEE half precision: from 65520 on it is infinite.
func Float16(x graph.Value) graph.Value { return unary(UnaryFloat16, x) }

var _ graph.Op = UnaryOp{}
