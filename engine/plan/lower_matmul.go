package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerMatMul lowers products of matrices: (…, m, k)·(k, n), and stacks of
// matrices of the same length.
func lowerMatMul(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.MatMulOp)
	if !ok || n.Out[0].DType != tensor.Float32 {
		return false
	}
	a, b := n.In[0].Shape(), n.In[1].Shape()
	rows, k := a[len(a)-2], a[len(a)-1]
	if op.TransA {
		rows, k = k, rows
	}
	cols := n.Out[0].Shape.Last()
	stack := n.Out[0].Shape[:len(n.Out[0].Shape)-2].Size()
	switch {
	case len(b) == 2 && !op.TransA: // the leading axes of a are rows too
		rows *= stack
		stack = 1
	case stack == 1 && a.Size() == rows*k && b.Size() == k*cols:
	case len(a) == len(b) && a[:len(a)-2].Equal(b[:len(b)-2]):
	default:
		return false // a broadcast stack: Eval
	}
	if rows*cols*k == 0 {
		return false
	}
	in, out := c.bufs(n)
	if stack > 1 {
		c.stackedMatMul(n, in, out[0], op, stack, rows, cols, k)
		return true
	}
	bufB, transB, reads := in[1], op.TransB, in
	if transB { // turned once, not by every chunk
		bufB = c.temp(tensor.Float32, k, cols)
		reads = []int{in[0], bufB}
		transB = false
		t := run.Step{Name: "Transpose", Scope: n.Scope, Chunks: (cols + 63) / 64}
		t.Run = func(f *run.Frame, chunk int, _ []float32) {
			lo, hi := chunk*64, min(chunk*64+64, cols) // rows of the stored (cols, k)
			kernel.Transpose(f.F32[bufB][lo:], cols, f.F32[in[1]][lo*k:], k, hi-lo, k)
		}
		c.emit(t, []int{bufB}, []int{in[1]})
	}
	rowStep, colStep := matmulTiles(rows, cols, k)
	rowChunks, colChunks := (rows+rowStep-1)/rowStep, (cols+colStep-1)/colStep
	lda := k
	if op.TransA {
		lda = rows
	}
	gemm := func(m, nn int) kernel.Gemm {
		return kernel.Gemm{M: m, N: nn, K: k, LdA: lda, LdB: cols, LdC: cols, TransA: op.TransA}
	}
	largest := gemm(rowStep, colStep)
	s := step(n)
	s.Chunks = rowChunks * colChunks
	s.Scratch = largest.ScratchSize()
	s.FLOPs = 2 * int64(rows) * int64(cols) * int64(k)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		r, q := chunk/colChunks*rowStep, chunk%colChunks*colStep
		g := gemm(min(rowStep, rows-r), min(colStep, cols-q))
		a := f.F32[in[0]]
		if op.TransA {
			a = a[r:]
		} else {
			a = a[r*lda:]
		}
		g.Run(f.F32[out[0]][r*cols+q:], a, f.F32[bufB][q:], scratch)
	}
	c.emit(s, out, reads)
	return true
}

// matmulTiles chooses the rows and columns of one chunk: enough chunks to share
// out, large enough to be worth a call. It depends on the shape alone.
func matmulTiles(rows, cols, k int) (rowStep, colStep int) {
	const minWork = 1 << 17 // multiply-adds of a chunk
	rowStep, colStep = rows, cols
	for rowStep > 16 && rowStep*colStep*k > 4*minWork {
		rowStep = (rowStep/2 + 7) / 8 * 8
	}
	for colStep > 64 && rowStep*colStep*k > 8*minWork {
		colStep = (colStep/2 + 31) / 32 * 32
	}
	return rowStep, colStep
}

// stackedMatMul multiplies stack pairs of matrices, each pair in one chunk.
func (c *compiler) stackedMatMul(n *graph.Node, in []int, out int, op ops.MatMulOp, stack, rows, cols, k int) {
	s := step(n)
	s.Chunks = stack
	s.FLOPs = 2 * int64(stack) * int64(rows) * int64(cols) * int64(k)
	s.Scratch = kernel.MatMulScratch(rows, cols, k, op.TransA, op.TransB)
	s.Run = func(f *run.Frame, i int, scratch []float32) {
		kernel.MatMul(image(f.F32[out], i, rows*cols), image(f.F32[in[0]], i, rows*k), image(f.F32[in[1]], i, k*cols),
			rows, cols, k, op.TransA, op.TransB, scratch)
	}
	c.emit(s, []int{out}, in)
}
