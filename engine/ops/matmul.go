package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// MatMulOp multiplies matrices, the last two axes of its inputs; the axes before
// them are broadcast. TransA and TransB read a matrix with its axes exchanged.
type MatMulOp struct{ TransA, TransB bool }

// Infer: (…, m, k)·(…, k, n) is (…, m, n).
func (o MatMulOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("MatMul", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("MatMul", in...); err != nil {
		return nil, err
	}
	a, b := in[0].Shape, in[1].Shape
	if len(a) < 2 || len(b) < 2 {
		return nil, misfit("MatMul", "wants matrices, got shapes %v and %v", a, b)
	}
	m, k, k2, n := o.lengths(a, b)
	if k != k2 {
		return nil, misfit("MatMul", "shapes %v%s and %v%s do not fit: inner lengths %d and %d differ", a, transposed(o.TransA), b, transposed(o.TransB), k, k2)
	}
	batch, ok := tensor.Broadcast(a[:len(a)-2], b[:len(b)-2])
	if !ok {
		return nil, misfit("MatMul", "the leading axes of %v and %v do not broadcast", a, b)
	}
	return one(in[0].DType, append(batch.Clone(), m, n))
}

func transposed(t bool) string {
	if t {
		return " (transposed)"
	}
	return ""
}

// lengths returns the matrices' lengths as they are multiplied: m×k and k2×n.
func (o MatMulOp) lengths(a, b shape) (m, k, k2, n int) {
	m, k = a[len(a)-2], a[len(a)-1]
	if o.TransA {
		m, k = k, m
	}
	k2, n = b[len(b)-2], b[len(b)-1]
	if o.TransB {
		k2, n = n, k2
	}
	return m, k, k2, n
}

// Gradient is dA = dY·Bᵀ and dB = Aᵀ·dY, summed over broadcast axes.
func (o MatMulOp) Gradient(in, out, dout []value) []value {
	a, b, dy := in[0], in[1], dout[0]
	var da, db value
	if !isConst(a) {
		if o.TransA {
			da = MatMulT(b, dy, o.TransB, true)
		} else {
			da = MatMulT(dy, b, false, !o.TransB)
		}
		da = SumTo(da, a.Shape()...)
	}
	if !isConst(b) {
		if o.TransB {
			db = MatMulT(dy, a, true, o.TransA)
		} else {
			db = MatMulT(a, dy, !o.TransA, false)
		}
		db = SumTo(db, b.Shape()...)
	}
	return []value{da, db}
}

// Eval multiplies row by row.
func (o MatMulOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		matMul[float32](o, out[0], in[0], in[1])
	} else {
		matMul[float64](o, out[0], in[0], in[1])
	}
}

func matMul[T float](o MatMulOp, out, a, b array) {
	x, z, y := tensor.Data[T](a), tensor.Data[T](b), tensor.Data[T](out)
	m, k, _, n := o.lengths(a.Shape(), b.Shape())
	ai, ak, bk, bj := k, 1, n, 1 // distances between neighbours along m, k of a and k, n of b
	if o.TransA {
		ai, ak = 1, m
	}
	if o.TransB {
		bk, bj = 1, k
	}
	batch := out.Shape()[:len(out.Shape())-2]
	row := make([]float64, n)
	to := 0
	for w := newWalk(batch, batchLane(a, batch), batchLane(b, batch)); w.more; w.next() {
		p, q := w.off[0], w.off[1]
		for range w.n {
			for i := range m {
				clear(row)
				for l := range k {
					v := float64(x[p+i*ai+l*ak])
					at := q + l*bk
					for j := range row {
						row[j] += v * float64(z[at+j*bj])
					}
				}
				store(y[to:], row)
				to += n
			}
			p += w.step[0]
			q += w.step[1]
		}
	}
}

// batchLane strides over the matrices of t.
func batchLane(t array, batch shape) lane {
	s := t.Shape()
	l := broadcast(s[:len(s)-2], batch)
	for i := range l.strides {
		l.strides[i] *= s[len(s)-2:].Size()
	}
	return l
}

// MatMul multiplies matrices: (…, m, k)·(…, k, n), leading axes broadcast. A
// rank-2 b multiplies every row of a, whatever the rank of a, in one product.
func MatMul(a, b graph.Value) graph.Value { return MatMulT(a, b, false, false) }

// MatMulT is MatMul with the last two axes of a or of b exchanged.
func MatMulT(a, b graph.Value, transA, transB bool) graph.Value {
	op := MatMulOp{transA, transB}
	if broken(a) || transA || len(a.Shape()) <= 2 || len(b.Shape()) != 2 {
		return graph.Apply1(op, a, b)
	}
	s := a.Shape()
	if _, k, k2, _ := op.lengths(s, b.Shape()); k != k2 {
		return graph.Apply1(op, a, b) // which says what is wrong with the shapes as they are
	}
	y := graph.Apply1(op, Reshape(a, s[:len(s)-1].Size(), s.Last()), b)
	if broken(y) {
		return y
	}
	return Reshape(y, append(slices.Clone(s[:len(s)-1]), y.Shape().Last())...)
}

var _ graph.Op = MatMulOp{}
