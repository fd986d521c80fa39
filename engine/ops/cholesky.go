package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// CholeskyOp finds the lower triangle L with a positive diagonal and L·Lᵀ = A. Only
// A's lower triangle is read; where A is not positive definite all of L is NaN.
type CholeskyOp struct{}

// Infer wants square matrices.
func (CholeskyOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Cholesky", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("Cholesky", in[0], true); err != nil {
		return nil, err
	}
	return in, nil
}

// Gradient is (S + Sᵀ)/2 with S = L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹, where Φ keeps the lower triangle
// and half of the diagonal (Murray, "Differentiation of the Cholesky decomposition",
// 2016).
func (CholeskyOp) Gradient(in, out, dout []value) []value {
	l := out[0]
	phi := masked(MatMulT(l, dout[0], true, false), lowerHalf)
	back := func(x value) value { return graph.Apply1(SolveTriangularOp{Lower: true, Transposed: true}, l, x) }
	s := turned(back(turned(back(phi))))
	return []value{MulScalar(Add(s, turned(s)), 0.5)}
}

// Eval goes row by row.
func (CholeskyOp) Eval(out, in []array) {
	batch, n, _ := dimsOf(in[0].Shape())
	for m := range batch {
		a := matrixAt(in[0], m)
		l := make([]float64, n*n)
		for i := range n {
			for j := range i + 1 {
				sum := a[i*n+j]
				for k := range j {
					sum -= l[i*n+k] * l[j*n+k]
				}
				if i == j {
					l[i*n+i] = math.Sqrt(sum)
				} else {
					l[i*n+j] = sum / l[j*n+j]
				}
			}
		}
		for i := range n {
			if !(l[i*n+i] > 0) {
				for k := range l {
					l[k] = math.NaN()
				}
				break
			}
		}
		setNumbers(out[0], m*n*n, l)
	}
}

// Cholesky returns the lower triangle L with L·Lᵀ = A for symmetric positive definite
// matrices A (…, n, n); NaN where one is not positive definite.
func Cholesky(a graph.Value) graph.Value { return graph.Apply1(CholeskyOp{}, a) }

var _ graph.Op = CholeskyOp{}
