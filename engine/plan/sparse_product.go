package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Inputs of a graph often are zero for the most part: ink on paper, counts of words,
// categories one-hot. Products whose first matrix is an input, and gradients of weights
// that it was multiplied by, therefore look at each run how much of it is not zero, and
// when that is little multiply nothing else (kernel.SparseGemm). Looking costs about a
// hundredth of the product. What layers compute is not looked at: behind relu about half
// is zero, which is too little to gain from. Weights that are not finite do not spread
// over zeros: 0·Inf counts as 0.

const (
	sparseLeast   = 32  // rows, columns and inner length of a product that is worth it
	sparseLargest = 512 // rows of a product whose chunks take all of them
	sparseColumns = 64  // of a chunk: its part of the second matrix is copied and stays in the second-level cache
)

// sparseInput reports whether a product is one of those, with lengths that the kernels take.
func (c *compiler) sparseInput(p *product) bool {
	v := p.node.In[0]
	for isView(v.Node) {
		v = v.Node.In[0]
	}
	_, input := v.Node.Op.(graph.Input)
	return input && !c.serial && !p.pairs && !p.transB && p.cols%32 == 0 && min(p.rows, p.cols, p.k) >= sparseLeast
}

// never is the product that nobody looks for zeros for.
func never(_ *run.Frame, _ area, _, _, _ []float32) bool { return false }

// sparseRows returns the product of a chunk of whole rows from lists that the chunk makes
// of its part of the first matrix, which is stored transposed, with the panels of the
// second one, and the scratch memory that this takes. The product reports false, and does
// nothing, when too little is zero.
func (p *product) sparseRows() (multiply func(f *run.Frame, a area, dst, panels, scratch []float32) bool, size int) {
	whole := kernel.SparseGemm{M: p.rowStep, N: p.cols, K: p.k}
	turned, lists := p.rowStep*p.k, whole.ListsSize()
	return func(f *run.Frame, a area, dst, panels, scratch []float32) bool {
		g := whole
		g.M = a.m
		kernel.Transpose(scratch, p.k, p.rowsOfA(f, a.r), p.rows, p.k, a.m)
		scratch, x := scratch[turned:], scratch
		g.Build(scratch, x, 0, a.m)
		if !kernel.SparsePays(g.Live(scratch), a.m*p.k) {
			return false
		}
		g.Run(dst, scratch, panels, scratch[lists:])
		return true
	}, turned + lists + p.rowStep
}

// sparseTiles adds the step that makes lists of the first matrix and returns the product
// of a chunk of all rows and some columns, the buffer of the lists and the scratch memory
// that the product takes. It reports false, and does nothing, when too little is zero.
func (c *compiler) sparseTiles(p *product) (multiply func(f *run.Frame, a area, dst, b, scratch []float32) bool, lists, size int) {
	const each = 16 // rows of a chunk of that step
	whole := kernel.SparseGemm{M: p.rows, N: p.colStep, K: p.k}
	lists = c.temp(tensor.Float32, whole.ListsSize())
	bufA := p.bufA
	s := run.Step{Name: "Nonzeros", Scope: p.node.Scope, Chunks: (p.rows + each - 1) / each}
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		whole.Build(f.F32[lists], f.F32[bufA], chunk*each, min(chunk*each+each, whole.M))
	}
	c.emit(s, []int{lists}, []int{bufA})
	return func(f *run.Frame, a area, dst, b, scratch []float32) bool {
		g, dense := whole, p.gemm(a.m, a.w)
		g.N = a.w
		if !kernel.SparsePays(g.Live(f.F32[lists]), g.M*g.K) {
			return false
		}
		dense.PackPanels(scratch, b[a.q:], 0, dense.Panels())
		g.Run(dst, f.F32[lists], scratch, scratch[g.K*g.N:])
		return true
	}, lists, whole.K*whole.N + whole.M
}
