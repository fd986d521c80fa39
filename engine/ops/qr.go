package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"gonum.org/v1/gonum/mat"
)

// QROp finds A = Q·R with orthonormal columns in Q and an upper triangle R, by
// Householder reflections, for matrices A (…, m, n). With k = min(m, n) the outputs
// are (…, m, k) and (…, k, n), or with Full (…, m, m) and (…, m, n).
type QROp struct{ Full bool }

// Infer gives the shapes of Q and R.
func (o QROp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("QR", in, 1); err != nil {
		return nil, err
	}
	if err := wantMatrices("QR", in[0], false); err != nil {
		return nil, err
	}
	s := in[0].Shape
	_, m, n := dimsOf(s)
	k := min(m, n)
	if o.Full {
		k = m
	}
	batch := s[:len(s)-2]
	return []spec{{DType: in[0].DType, Shape: append(batch.Clone(), m, k)}, {DType: in[0].DType, Shape: append(batch.Clone(), k, n)}}, nil
}

// Gradient is (dQ + Q·C)·R⁻ᵀ, where C is M = R·dRᵀ - dQᵀ·Q with its lower triangle
// copied to the upper one (Roberts and Roberts, "QR and LQ decomposition matrix
// backpropagation algorithms", 2020). It is that of matrices with at least as many
// rows as columns, not Full.
func (o QROp) Gradient(in, out, dout []value) []value {
	_, m, n := dimsOf(in[0].Shape())
	if m < n || o.Full && m != n {
		return noDerivative("QR of matrices with more columns than rows, or in mode complete,", "use StopGradient after it", in)
	}
	q, r := out[0], out[1]
	var mixed, dq value
	if dout[1].OK() {
		mixed = MatMulT(r, masked(dout[1], upper), false, true)
	}
	if dout[0].OK() {
		dq = dout[0]
		back := Neg(MatMulT(dq, q, true, false))
		if mixed.OK() {
			back = Add(mixed, back)
		}
		mixed = back
	}
	low := masked(mixed, lowerHalf)
	x := MatMul(q, Add(low, turned(low)))
	if dq.OK() {
		x = Add(dq, x)
	}
	return []value{turned(SolveTriangular(r, turned(x), false))}
}

// Eval decomposes matrix by matrix. Wide ones are as their first columns are.
func (o QROp) Eval(out, in []array) {
	batch, m, n := dimsOf(in[0].Shape())
	_, _, k := dimsOf(out[0].Shape())
	for i := range batch {
		a := mat.NewDense(m, n, matrixAt(in[0], i))
		var qr mat.QR
		qr.Factorize(a.Slice(0, m, 0, min(m, n)))
		var q, r mat.Dense
		qr.QTo(&q)
		r.Mul(q.T(), a)
		for row := range m {
			for col := range k {
				out[0].SetFloat64At((i*m+row)*k+col, q.At(row, col))
			}
		}
		for row := range k {
			for col := range n {
				v := 0.0
				if col >= row {
					v = r.At(row, col)
				}
				out[1].SetFloat64At((i*k+row)*n+col, v)
			}
		}
	}
}

// QR decomposes matrices into orthonormal columns and an upper triangle; see QROp.
func QR(a graph.Value, full bool) (q, r graph.Value) {
	out := a.Graph().Apply(QROp{full}, a)
	return out[0], out[1]
}

var _ graph.Op = QROp{}
