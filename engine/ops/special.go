package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// SpecialKind names a function of real numbers that has no kernel.
type SpecialKind uint8

// The kinds of SpecialOp.
const (
	SpecialErfinv SpecialKind = iota // the number whose error function is x
	SpecialI0                        // the modified Bessel function of order 0
	SpecialI1                        // that of order 1
)

// SpecialOp applies a function to every element.
type SpecialOp struct{ Kind SpecialKind }

// Infer wants real numbers.
func (SpecialOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Special", in, 1); err != nil {
		return nil, err
	}
	if err := wantFloat("Special", in...); err != nil {
		return nil, err
	}
	return in, nil
}

// Gradient is √π/2·exp(y²) for erfinv, I1 for I0 and I0 - I1/x for I1.
func (o SpecialOp) Gradient(in, out, dout []value) []value {
	x, y := in[0], out[0]
	var slope value
	switch o.Kind {
	case SpecialErfinv:
		slope = MulScalar(Exp(Square(y)), math.Sqrt(math.Pi)/2)
	case SpecialI0:
		slope = graph.Apply1(SpecialOp{SpecialI1}, x)
	default:
		zero := Equal(x, Scalar(x, 0))
		slope = Sub(BesselI0(x), Where(zero, Scalar(x, 0.5), Div(y, Where(zero, Scalar(x, 1), x))))
	}
	return []value{Mul(dout[0], slope)}
}

// Eval goes element by element.
func (o SpecialOp) Eval(out, in []array) {
	f := map[SpecialKind]func(float64) float64{
		SpecialErfinv: math.Erfinv,
		SpecialI0:     func(x float64) float64 { return bessel(x, 0) },
		SpecialI1:     func(x float64) float64 { return bessel(x, 1) },
	}[o.Kind]
	for i := range in[0].Size() {
		out[0].SetFloat64At(i, f(in[0].Float64At(i)))
	}
}

// bessel computes I_n(x) for n = 0, 1: by its power series, all of whose terms have one
// sign, and far out, from 30 on, by the asymptotic one (Abramowitz and Stegun, 9.6.10
// and 9.7.1).
func bessel(x float64, n int) float64 {
	sign := 1.0
	if n == 1 && x < 0 {
		sign = -1
	}
	x = abs(x)
	if x != x || math.IsInf(x, 0) {
		return sign * x
	}
	if x < 30 {
		term := math.Pow(x/2, float64(n))
		sum := term
		for k := 1.0; term > sum*1e-17; k++ {
			term *= x * x / 4 / (k * (k + float64(n)))
			sum += term
		}
		return sign * sum
	}
	mu, term, sum := 4*float64(n*n), 1.0, 1.0
	for k := 1.0; k < 20; k++ {
		term *= -(mu - (2*k-1)*(2*k-1)) / (k * 8 * x)
		sum += term
	}
	return sign * math.Exp(x/2) * (math.Exp(x/2) / math.Sqrt(2*math.Pi*x)) * sum
}

// Erfinv returns the number whose error function is x, for x between -1 and 1.
func Erfinv(x graph.Value) graph.Value { return graph.Apply1(SpecialOp{SpecialErfinv}, x) }

// BesselI0 computes the modified Bessel function of the first kind of order 0.
func BesselI0(x graph.Value) graph.Value { return graph.Apply1(SpecialOp{SpecialI0}, x) }

var _ graph.Op = SpecialOp{}
