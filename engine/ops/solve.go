package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// SolveOp solves A·X = B for square matrices A (…, n, n) and right sides B (…, n, k),
// by LU factors with row exchanges. Where A is singular the result is infinite or NaN.
type SolveOp struct{}

// SolveTriangularOp solves A·X = B, or Aᵀ·X = B with Transposed, and reads only the
// lower or the upper triangle of A.
type SolveTriangularOp struct{ Lower, Transposed bool }

// Infer gives the shape of the right sides.
func (SolveOp) Infer(in []spec) ([]spec, error) {
	if err := wantSystem("Solve", in); err != nil {
		return nil, err
	}
	return in[1:], nil
}

// Infer gives the shape of the right sides.
func (SolveTriangularOp) Infer(in []spec) ([]spec, error) {
	if err := wantSystem("SolveTriangular", in); err != nil {
		return nil, err
	}
	return in[1:], nil
}

// Gradient is dB = A⁻ᵀ·dX and dA = -dB·Xᵀ.
func (SolveOp) Gradient(in, out, dout []value) []value {
	db := Solve(turned(in[0]), dout[0])
	return []value{Neg(MatMulT(db, out[0], false, true)), db}
}

// Gradient is that of SolveOp in the triangle.
func (o SolveTriangularOp) Gradient(in, out, dout []value) []value {
	db := graph.Apply1(SolveTriangularOp{o.Lower, !o.Transposed}, in[0], dout[0])
	da := MatMulT(db, out[0], false, true)
	if o.Transposed {
		da = MatMulT(out[0], db, false, true)
	}
	return []value{Neg(masked(da, func(i, j int) float64 {
		if o.Lower {
			i, j = j, i
		}
		return upper(i, j)
	})), db}
}

// Eval factorizes and substitutes.
func (SolveOp) Eval(out, in []array) {
	batch, n, k := dimsOf(in[1].Shape())
	for m := range batch {
		a, b := matrixAt(in[0], m), matrixAt(in[1], m)
		perm, _ := factorize(a, n, n)
		x := make([]float64, n*k)
		for i, p := range perm {
			copy(x[i*k:(i+1)*k], b[p*k:])
		}
		substitute(a, x, n, k, true, false, true)
		substitute(a, x, n, k, false, false, false)
		setNumbers(out[0], m*n*k, x)
	}
}

// Eval substitutes.
func (o SolveTriangularOp) Eval(out, in []array) {
	batch, n, k := dimsOf(in[1].Shape())
	for m := range batch {
		x := matrixAt(in[1], m)
		substitute(matrixAt(in[0], m), x, n, k, o.Lower, o.Transposed, false)
		setNumbers(out[0], m*n*k, x)
	}
}

// Solve returns X with A·X = B, for A (…, n, n) and B (…, n, k).
func Solve(a, b graph.Value) graph.Value { return graph.Apply1(SolveOp{}, a, b) }

// SolveTriangular returns X with A·X = B, for B (…, n, k), where A (…, n, n) is
// taken as a lower or an upper triangle, whatever else it holds.
func SolveTriangular(a, b graph.Value, lower bool) graph.Value {
	return graph.Apply1(SolveTriangularOp{Lower: lower}, a, b)
}

// Inv returns the inverses of square matrices.
func Inv(a graph.Value) graph.Value {
	if broken(a) {
		return a
	}
	if err := wantMatrices("Inv", a.Spec(), true); err != nil {
		a.Graph().Errorf("%w", err)
		return a
	}
	return Solve(a, identities(a))
}

var (
	_ graph.Op = SolveOp{}
	_ graph.Op = SolveTriangularOp{}
)
