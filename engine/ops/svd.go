package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"gonum.org/v1/gonum/mat"
)

// SVDOp finds A = U·diag(s)·Vᵀ with orthonormal columns in U and V, for matrices
// A (…, m, n). With k = min(m, n) the outputs are U (…, m, k), s (…, k), descending,
// and Vᵀ (…, k, n), or with Full U (…, m, m) and Vᵀ (…, n, n).
type SVDOp struct{ Full bool }

// PinvOp computes the pseudoinverse (…, n, m) of matrices (…, m, n). Singular values up
// to Rcond times the largest count as 0.
type PinvOp struct{ Rcond float64 }

// Infer gives the shapes of U, s and Vᵀ.
func (o SVDOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("SVD", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("SVD", in[0], false); err != nil {
		return nil, err
	}
	t, s := in[0].DType, in[0].Shape
	_, m, n := dimsOf(s)
	k := min(m, n)
	batch := s[:len(s)-2]
	if o.Full {
		return []spec{{DType: t, Shape: append(batch.Clone(), m, m)}, {DType: t, Shape: append(batch.Clone(), k)}, {DType: t, Shape: append(batch.Clone(), n, n)}}, nil
	}
	return []spec{{DType: t, Shape: append(batch.Clone(), m, k)}, {DType: t, Shape: append(batch.Clone(), k)}, {DType: t, Shape: append(batch.Clone(), k, n)}}, nil
}

// Infer exchanges rows and columns.
func (PinvOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Pinv", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("Pinv", in[0], false); err != nil {
		return nil, err
	}
	s := in[0].Shape.Clone()
	n := len(s)
	s[n-1], s[n-2] = s[n-2], s[n-1]
	return one(in[0].DType, s)
}

// Gradient is U·diag(ds)·Vᵀ; that of the vectors is not implemented and records an error.
func (o SVDOp) Gradient(in, out, dout []value) []value {
	if dout[0].OK() || dout[2].OK() {
		return noDerivative("the vectors of SVD", "use the singular values alone, or StopGradient after it", in)
	}
	_, m, n := dimsOf(in[0].Shape())
	k := min(m, n)
	u, vt := out[0], out[2]
	s := in[0].Shape()
	if o.Full {
		batch := s[:len(s)-2]
		from := make([]int, len(s))
		u = Slice(u, from, append(batch.Clone(), m, k))
		vt = Slice(vt, from, append(batch.Clone(), k, n))
	}
	row := append(dout[1].Shape()[:len(s)-2].Clone(), 1, k)
	return []value{MatMul(Mul(u, Reshape(dout[1], row...)), vt)}
}

// Gradient is -Pᵀ·dP·Pᵀ + (1-A·P)·dPᵀ·P·Pᵀ + Pᵀ·P·dPᵀ·(1-P·A) (Golub and Pereyra,
// 1973), that of matrices whose rank stays.
func (o PinvOp) Gradient(in, out, dout []value) []value {
	a, p, d := in[0], out[0], dout[0]
	dt, pt := turned(d), turned(p)
	da := Neg(MatMul(MatMul(pt, d), pt))
	ap, pa := MatMul(a, p), MatMul(p, a)
	da = Add(da, MatMul(MatMul(Sub(identities(ap), ap), dt), MatMul(p, pt)))
	return []value{Add(da, MatMul(MatMul(MatMul(pt, p), dt), Sub(identities(pa), pa)))}
}

// Eval decomposes matrix by matrix; NaN where that does not converge.
func (o SVDOp) Eval(out, in []array) {
	batch, _, _ := dimsOf(in[0].Shape())
	sizes := [3]int{}
	for k := range sizes {
		sizes[k] = out[k].Size() / max(batch, 1)
	}
	for i := range batch {
		u, s, v, ok := svd(in[0], i, o.Full)
		if !ok {
			for k := range out {
				setNumbers(out[k], i*sizes[k], notANumber(sizes[k]))
			}
			continue
		}
		setNumbers(out[0], i*sizes[0], u.RawMatrix().Data)
		setNumbers(out[1], i*sizes[1], s)
		vt := mat.DenseCopyOf(v.T())
		setNumbers(out[2], i*sizes[2], vt.RawMatrix().Data)
	}
}

// Eval inverts the singular values.
func (o PinvOp) Eval(out, in []array) {
	batch, m, n := dimsOf(in[0].Shape())
	for i := range batch {
		u, s, v, ok := svd(in[0], i, false)
		if !ok {
			setNumbers(out[0], i*m*n, notANumber(m*n))
			continue
		}
		for k, w := range s {
			f := 0.0
			if w > o.Rcond*s[0] {
				f = 1 / w
			}
			for r := range n {
				v.Set(r, k, v.At(r, k)*f)
			}
		}
		var p mat.Dense
		p.Mul(v, u.T())
		setNumbers(out[0], i*m*n, p.RawMatrix().Data)
	}
}

func svd(t array, i int, full bool) (u *mat.Dense, s []float64, v *mat.Dense, ok bool) {
	_, m, n := dimsOf(t.Shape())
	kind := mat.SVDThin
	if full {
		kind = mat.SVDFull
	}
	var f mat.SVD
	if !f.Factorize(mat.NewDense(m, n, matrixAt(t, i)), kind) {
		return nil, nil, nil, false
	}
	u, v = &mat.Dense{}, &mat.Dense{}
	f.UTo(u)
	f.VTo(v)
	return u, f.Values(nil), v, true
}

func notANumber(n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = math.NaN()
	}
	return list
}

// SVD decomposes matrices; see SVDOp. The signs of the vectors mean nothing.
func SVD(a graph.Value, full bool) (u, s, vt graph.Value) {
	out := a.Graph().Apply(SVDOp{full}, a)
	return out[0], out[1], out[2]
}

// Pinv returns the pseudoinverses (…, n, m) of matrices (…, m, n); see PinvOp.
func Pinv(a graph.Value, rcond float64) graph.Value { return graph.Apply1(PinvOp{rcond}, a) }

var (
	_ graph.Op = SVDOp{}
	_ graph.Op = PinvOp{}
)
