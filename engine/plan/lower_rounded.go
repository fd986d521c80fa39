package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// roundedMatMulOp is a product whose second matrix is rounded to bfloat16 as it is
// read. For the weights of a layer that computes in bfloat16 this saves a rounded
// copy, which would cost more than the rounding.
type roundedMatMulOp struct{ MatMul ops.MatMulOp }

// roundedMatMul returns the op, and the second matrix without its rounding, for a
// product with weights that are worth it.
func roundedMatMul(op graph.Op, in []graph.Value) (roundedMatMulOp, graph.Value, bool) {
	m, ok := op.(ops.MatMulOp)
	if !ok || in[1].Node.Op != (ops.UnaryOp{Kind: ops.UnaryBFloat16}) {
		return roundedMatMulOp{}, graph.Value{}, false
	}
	w := in[1].Node.In[0]
	_, variable := w.Node.Op.(graph.Variable)
	large := len(w.Shape()) == 2 && len(in[0].Shape()) == 2 && w.Shape().Size() >= minRounded && in[0].Shape().Size() > 0
	return roundedMatMulOp{m}, w, variable && large && w.DType() == tensor.Float32
}

// minRounded is the number of elements from which a copy costs more.
const minRounded = 1 << 14

// Infer follows the product.
func (o roundedMatMulOp) Infer(in []graph.Spec) ([]graph.Spec, error) { return o.MatMul.Infer(in) }

// Gradient is not there: the op is made after differentiation.
func (o roundedMatMulOp) Gradient(in, out, dout []graph.Value) []graph.Value {
	in[0].Graph().Errorf("MatMul: second derivatives of compiled products are not supported")
	return make([]graph.Value, len(in))
}

// Eval rounds and multiplies.
func (o roundedMatMulOp) Eval(out, in []*tensor.Tensor) {
	w := tensor.New(tensor.Float32, in[1].Shape()...)
	ops.UnaryOp{Kind: ops.UnaryBFloat16}.Eval([]*tensor.Tensor{w}, in[1:])
	o.MatMul.Eval(out, []*tensor.Tensor{in[0], w})
}

// roundedRows is the number of rows that one chunk of a product with rounded
// weights has at most: its copy of the weights is rounded once for all of them.
const roundedRows = 256

// lowerRoundedMatMul rounds while the product packs its second matrix; a
// transposed one is rounded where it is turned.
func lowerRoundedMatMul(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(roundedMatMulOp)
	if !ok {
		return false
	}
	in, out := c.bufs(n)
	rows, cols := n.Out[0].Shape[0], n.Out[0].Shape[1]
	k := n.In[0].Shape().Size() / rows
	bufB := in[1]
	if op.MatMul.TransB {
		bufB = c.roundedTranspose(n, in[1], cols, k)
	}
	lda := k
	if op.MatMul.TransA {
		lda = rows
	}
	gemm := func(m, nn int) kernel.Gemm {
		return kernel.Gemm{M: m, N: nn, K: k, LdA: lda, LdB: cols, LdC: cols, TransA: op.MatMul.TransA, RoundB: !op.MatMul.TransB}
	}
	rowStep, colStep := matmulTiles(rows, cols, k)
	if !op.MatMul.TransB {
		rowStep, colStep = min(rows, roundedRows), min(cols, 64)
	}
	rowChunks, colChunks := (rows+rowStep-1)/rowStep, (cols+colStep-1)/colStep
	largest := gemm(rowStep, colStep)
	s := step(n)
	s.Name = "MatMul BFloat16"
	s.Chunks = rowChunks * colChunks
	s.Scratch = largest.ScratchSize()
	s.FLOPs = 2 * int64(rows) * int64(cols) * int64(k)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		r, q := chunk/colChunks*rowStep, chunk%colChunks*colStep
		g := gemm(min(rowStep, rows-r), min(colStep, cols-q))
		skip := r * lda
		if op.MatMul.TransA {
			skip = r
		}
		g.Run(f.F32[out[0]][r*cols+q:], f.F32[in[0]][skip:], f.F32[bufB][q:], scratch)
	}
	c.emit(s, out, []int{in[0], bufB})
	return true
}

// roundedTranspose adds the step that turns a stored (cols, k) into a rounded
// (k, cols) and returns its buffer.
func (c *compiler) roundedTranspose(n *graph.Node, stored, cols, k int) int {
	const rows = 16 // of the stored matrix in a chunk
	turned := c.temp(tensor.Float32, k, cols)
	s := run.Step{Name: "Transpose BFloat16", Scope: n.Scope, Chunks: (cols + rows - 1) / rows, Scratch: rows * k}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		lo, hi := chunk*rows, min(chunk*rows+rows, cols)
		rounded := scratch[:(hi-lo)*k]
		kernel.BFloat16(rounded, f.F32[stored][lo*k:])
		kernel.Transpose(f.F32[turned][lo:], cols, rounded, k, hi-lo, k)
	}
	c.emit(s, []int{turned}, []int{stored})
	return turned
}
