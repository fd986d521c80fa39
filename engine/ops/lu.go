package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// LUOp factorizes matrices (…, m, n) with row exchanges. Its outputs are the factors
// in one matrix, U from the diagonal on and L, whose diagonal is 1, below it, and for
// each row of the input, as int32 (…, m), its place among the rows of L·U.
type LUOp struct{}

// SlogdetOp computes sign and logarithm of the absolute value of determinants.
type SlogdetOp struct{}

// Infer gives the shape of the matrices and of their rows.
func (LUOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("LU", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("LU", in[0], false); err != nil {
		return nil, err
	}
	s := in[0].Shape
	return []spec{in[0], {DType: tensor.Int32, Shape: s[:len(s)-1].Clone()}}, nil
}

// Infer gives the batch twice.
func (SlogdetOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Slogdet", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("Slogdet", in[0], true); err != nil {
		return nil, err
	}
	s := in[0].Shape
	one := spec{DType: in[0].DType, Shape: s[:len(s)-2].Clone()}
	return []spec{one, one}, nil
}

// Gradient is not implemented: it records an error.
func (LUOp) Gradient(in, out, dout []value) []value {
	return noDerivative("LU", "use Solve, Inv or Det, or StopGradient after it", in)
}

// Gradient is A⁻ᵀ times that of the logarithm; the sign has none.
func (SlogdetOp) Gradient(in, out, dout []value) []value {
	if !dout[1].OK() {
		return make([]value, 1)
	}
	s := append(dout[1].Shape().Clone(), 1, 1)
	return []value{Mul(Reshape(dout[1], s...), turned(Inv(in[0])))}
}

// Eval factorizes matrix by matrix.
func (LUOp) Eval(out, in []array) {
	batch, m, n := dimsOf(in[0].Shape())
	places := out[1].Int32s()
	for i := range batch {
		a := matrixAt(in[0], i)
		perm, _ := factorize(a, m, n)
		setNumbers(out[0], i*m*n, a)
		for to, from := range perm {
			places[i*m+from] = int32(to)
		}
	}
}

// Eval multiplies the diagonals of the factors.
func (SlogdetOp) Eval(out, in []array) {
	batch, n, _ := dimsOf(in[0].Shape())
	for i := range batch {
		a := matrixAt(in[0], i)
		_, sign := factorize(a, n, n)
		sum := 0.0
		for k := range n {
			d := a[k*n+k]
			sum += math.Log(abs(d))
			switch {
			case d < 0:
				sign = -sign
			case d == 0:
				sign = 0
			case d != d:
				sign = d
			}
		}
		out[0].SetFloat64At(i, sign)
		out[1].SetFloat64At(i, sum)
	}
}

// LU returns the factors of matrices and the places of their rows; see LUOp.
func LU(a graph.Value) (factors, places graph.Value) {
	out := a.Graph().Apply(LUOp{}, a)
	return out[0], out[1]
}

// Slogdet returns the sign of the determinants of square matrices (…, n, n), 0 for
// singular ones, and the logarithm of their absolute value, both (…).
func Slogdet(a graph.Value) (sign, log graph.Value) {
	out := a.Graph().Apply(SlogdetOp{}, a)
	return out[0], out[1]
}

// Det returns the determinants (…) of square matrices (…, n, n). Its gradient needs
// matrices that are not singular.
func Det(a graph.Value) graph.Value {
	if broken(a) {
		return a
	}
	sign, log := Slogdet(a)
	return Mul(sign, Exp(log))
}

var (
	_ graph.Op = LUOp{}
	_ graph.Op = SlogdetOp{}
)
