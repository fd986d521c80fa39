package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Inputs of a graph often are zero for the most part: ink on paper, counts of words,
// categories one-hot; and so is what comes out of relu, more and more as a network
// learns. Products whose first matrix is one of these, and gradients of weights that it
// was multiplied by, therefore look at each run how much of it is not zero, and when
// that is little multiply nothing else (kernel.SparseGemm). Looking costs about a
// hundredth of the product. Weights that are not finite do not spread over zeros: 0·Inf
// counts as 0.

const (
	sparseLeast   = 32      // rows, columns and inner length of a product that is worth it
	sparseWork    = 1 << 21 // its multiply-adds
	sparseLargest = 512     // rows of a product whose chunks take all of them
	sparseColumns = 128     // of a chunk: its part of the second matrix is copied and stays in the second-level cache
)

// sparseInput reports whether a product is one of those, with lengths that the kernels take.
func (c *compiler) sparseInput(p *product) bool {
	zeros := false
	switch op := sparseSource(p).Node.Op.(type) {
	case graph.Input:
		zeros = true
	case ops.UnaryOp:
		zeros = op.Kind == ops.UnaryRelu
	}
	return zeros && !c.serial && !p.pairs && !p.transB && p.cols%32 == 0 && min(p.rows, p.cols, p.k) >= sparseLeast && p.rows*p.cols*p.k >= sparseWork
}

// sparseSource is the first matrix of a product, whatever its shape.
func sparseSource(p *product) graph.Value {
	v := p.node.In[0]
	for isView(v.Node) {
		v = v.Node.In[0]
	}
	return v
}

// never is the product that nobody looks for zeros for.
func never(_ *run.Frame, _ area, _, _, _ []float32) bool { return false }

// looked is what sparseTiles found of a matrix: its lists and whose they are.
type looked struct {
	lists int
	gemm  kernel.SparseGemm
}

// sparseRows computes chunks of whole rows of a product from lists that the chunk makes of
// its part of the first matrix, which is stored transposed.
type sparseRows struct {
	p      *product
	whole  kernel.SparseGemm // of the largest chunk
	before looked            // by the product of the forward pass
	seen   bool
}

// sparseRows returns that of a product, or nil if it does not qualify.
func (c *compiler) sparseRows(p *product) *sparseRows {
	if !p.transA || !c.sparseInput(p) {
		return nil
	}
	s := &sparseRows{p: p, whole: kernel.SparseGemm{M: p.rowStep, N: p.cols, K: p.k}}
	if s.before, s.seen = c.looked[sparseSource(p)]; s.seen {
		p.reads = append(p.reads, s.before.lists)
	}
	return s
}

// scratch is the number of float32s that run needs as scratch.
func (s *sparseRows) scratch() int {
	if s == nil {
		return 0
	}
	return s.whole.M*s.whole.K + s.whole.ListsSize() + s.whole.M
}

// run computes an area with the panels of the second matrix and brings closer what is
// ahead. It reports false, and does nothing, when too little is zero.
func (s *sparseRows) run(f *run.Frame, a area, dst, panels, scratch []float32, ahead [][]float32) bool {
	if s == nil || s.seen && !kernel.SparsePays(s.before.gemm.Live(f.F32[s.before.lists]), s.before.gemm.M*s.before.gemm.K) {
		return false
	}
	g := s.whole
	g.M = a.m
	x, lists := scratch[:g.M*g.K], scratch[g.M*g.K:]
	kernel.Transpose(x, g.K, s.p.rowsOfA(f, a.r), s.p.rows, g.K, g.M)
	g.Build(lists, x, 0, g.M)
	if !kernel.SparsePays(g.Live(lists), len(x)) {
		return false
	}
	g.Run(dst, lists, panels, lists[g.ListsSize():], ahead)
	return true
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
	c.looked[sparseSource(p)] = looked{lists, whole}
	return func(f *run.Frame, a area, dst, b, scratch []float32) bool {
		g, dense := whole, p.gemm(a.m, a.w)
		g.N = a.w
		if !kernel.SparsePays(g.Live(f.F32[lists]), g.M*g.K) {
			return false
		}
		dense.PackPanels(scratch, b[a.q:], 0, dense.Panels())
		g.Run(dst, f.F32[lists], scratch, scratch[g.K*g.N:], nil)
		return true
	}, lists, whole.K*whole.N + whole.M
}
