package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"gonum.org/v1/gonum/mat"
)

// EighOp finds the eigenvalues (…, n), ascending, and eigenvectors (…, n, n), as
// columns, of symmetric matrices (…, n, n). It reads the lower triangle alone.
type EighOp struct{}

// Infer gives the shapes of values and vectors.
func (EighOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Eigh", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("Eigh", in[0], true); err != nil {
		return nil, err
	}
	s := in[0].Shape
	return []spec{{DType: in[0].DType, Shape: s[:len(s)-1].Clone()}, in[0]}, nil
}

// Gradient is V·(diag(dw) + F∘(Vᵀ·dV))·Vᵀ with F(i,j) = 1/(w(j)-w(i)) outside the
// diagonal, gathered in the lower triangle, the one that is read (Giles, "An extended
// collection of matrix derivative results", 2008). Equal eigenvalues make the
// vectors' derivative infinite.
func (EighOp) Gradient(in, out, dout []value) []value {
	w, v := out[0], out[1]
	s := w.Shape()
	n := s.Last()
	row, col := append(s.Clone(), 1), append(s[:len(s)-1].Clone(), 1, n)
	var inner value
	if dout[0].OK() {
		inner = Mul(identities(v), Reshape(dout[0], col...))
	}
	if dout[1].OK() {
		gap := Add(Sub(Reshape(w, col...), Reshape(w, row...)), identities(v))
		part := masked(Div(MatMulT(v, dout[1], true, false), gap), func(i, j int) float64 {
			if i == j {
				return 0
			}
			return 1
		})
		if inner.OK() {
			part = Add(inner, part)
		}
		inner = part
	}
	da := MatMulT(MatMul(v, inner), v, false, true)
	return []value{masked(Add(da, turned(da)), lowerHalf)}
}

// Eval decomposes matrix by matrix.
func (EighOp) Eval(out, in []array) {
	batch, n, _ := dimsOf(in[0].Shape())
	for i := range batch {
		a := matrixAt(in[0], i)
		sym := mat.NewSymDense(n, nil)
		for r := range n {
			for c := range r + 1 {
				sym.SetSym(r, c, a[r*n+c])
			}
		}
		var e mat.EigenSym
		if !e.Factorize(sym, true) {
			nan := notANumber(n * n)
			setNumbers(out[0], i*n, nan[:n])
			setNumbers(out[1], i*n*n, nan)
			continue
		}
		var v mat.Dense
		e.VectorsTo(&v)
		setNumbers(out[0], i*n, e.Values(nil))
		setNumbers(out[1], i*n*n, v.RawMatrix().Data)
	}
}

// Eigh returns eigenvalues and eigenvectors of symmetric matrices; see EighOp. The
// vectors' signs mean nothing.
func Eigh(a graph.Value) (values, vectors graph.Value) {
	out := a.Graph().Apply(EighOp{}, a)
	return out[0], out[1]
}

var _ graph.Op = EighOp{}
