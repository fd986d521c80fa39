package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Const returns a fixed value; t must not be changed afterwards.
func Const(g *graph.Graph, t *tensor.Tensor) graph.Value { return g.Constant(t) }

// Scalar returns v as a constant of rank 0, with the type of like.
func Scalar(like graph.Value, v float64) graph.Value { return like.Graph().Scalar(like.DType(), v) }

// Fill returns an array of the given type and shape, every element of it v.
func Fill(g *graph.Graph, s graph.Spec, v float64) graph.Value {
	return BroadcastTo(g.Scalar(s.DType, v), s.Shape...)
}

// AddScalar returns x+v.
func AddScalar(x graph.Value, v float64) graph.Value { return Add(x, Scalar(x, v)) }

// SubScalar returns x-v.
func SubScalar(x graph.Value, v float64) graph.Value { return Sub(x, Scalar(x, v)) }

// SubScalarFrom returns v-x.
func SubScalarFrom(v float64, x graph.Value) graph.Value { return Sub(Scalar(x, v), x) }

// MulScalar returns x·v.
func MulScalar(x graph.Value, v float64) graph.Value { return Mul(x, Scalar(x, v)) }

// DivScalar returns x/v.
func DivScalar(x graph.Value, v float64) graph.Value { return Div(x, Scalar(x, v)) }

// PowScalar returns x to the power v. The powers 1, 2, ½ and -1 become x itself,
// Square, Sqrt and Reciprocal.
func PowScalar(x graph.Value, v float64) graph.Value {
	if x.DType().Float() {
		switch v {
		case 1:
			return x
		case 2:
			return Square(x)
		case 0.5:
			return Sqrt(x)
		case -1:
			return Reciprocal(x)
		}
	}
	return Pow(x, Scalar(x, v))
}

// MaximumScalar returns the larger of x and v; the gradient goes to x on a tie.
func MaximumScalar(x graph.Value, v float64) graph.Value { return Maximum(x, Scalar(x, v)) }

// MinimumScalar returns the smaller of x and v; the gradient goes to x on a tie.
func MinimumScalar(x graph.Value, v float64) graph.Value { return Minimum(x, Scalar(x, v)) }

// GreaterScalar returns whether x > v.
func GreaterScalar(x graph.Value, v float64) graph.Value { return Greater(x, Scalar(x, v)) }

// EqualScalar returns whether x = v.
func EqualScalar(x graph.Value, v float64) graph.Value { return Equal(x, Scalar(x, v)) }
