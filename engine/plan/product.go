package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// product is one matrix product (rows, k)·(k, cols) and how it is cut into chunks.
type product struct {
	node             *graph.Node
	transA, transB   bool
	rows, cols, k    int
	rowStep, colStep int // of a chunk
	bufA, bufB       int
	bias             int   // buffer of what is added to each row, or -1
	pairs, split     bool  // operands are copied into pairs of bfloat16 numbers, split: in two parts
	restA, restB     int   // the second parts
	reads            []int // what else it reads
}

// area is a part of a matrix: rows [r, r+m), columns [q, q+w).
type area struct{ r, q, m, w int }

// productOf describes a node that is a product of two matrices; the leading axes of
// the first one are rows too. Stacks of products are none.
func productOf(n *graph.Node) (product, bool) {
	op, ok := n.Op.(ops.MatMulOp)
	rounded, pairs := n.Op.(bfloat16MatMulOp)
	if pairs {
		op, ok = rounded.MatMul, true
	}
	if !ok || n.Out[0].DType != tensor.Float32 {
		return product{}, false
	}
	a := n.In[0].Shape()
	p := product{node: n, bias: -1, pairs: pairs, split: rounded.Split, transA: op.TransA, transB: op.TransB, rows: a[len(a)-2], k: a[len(a)-1], cols: n.Out[0].Shape.Last()}
	if op.TransA {
		p.rows, p.k = p.k, p.rows
	}
	stack := n.Out[0].Shape[:len(n.Out[0].Shape)-2].Size()
	if len(n.In[1].Shape()) == 2 && !op.TransA {
		p.rows *= stack
		stack = 1
	}
	return p, stack == 1 && p.rows*p.cols*p.k > 0
}

func (p *product) chunks() int {
	return (p.rows + p.rowStep - 1) / p.rowStep * ((p.cols + p.colStep - 1) / p.colStep)
}

// lanes is into how many partial sums the product is split.
func (p *product) lanes() int {
	if p.pairs { // the copies are shared by chunks of any size
		return 1
	}
	return matmulLanes(p.rows, p.cols, p.k)
}

func (p *product) flops() int64 { return 2 * int64(p.rows) * int64(p.cols) * int64(p.k) }

// area returns what a chunk computes.
func (p *product) area(chunk int) area {
	across := (p.cols + p.colStep - 1) / p.colStep
	r, q := chunk/across*p.rowStep, chunk%across*p.colStep
	return area{r, q, min(p.rowStep, p.rows-r), min(p.colStep, p.cols-q)}
}

// bind makes the buffers of the operands. With turn a second matrix that is stored
// transposed is turned once, by a step before, else by every chunk.
func (p *product) bind(c *compiler, turn bool) {
	if p.pairs {
		p.bindPairs(c)
		return
	}
	p.bufA, p.bufB = c.buffer(p.node.In[0]), c.buffer(p.node.In[1])
	if !p.transB || !turn {
		return
	}
	stored, turned, cols, k := p.bufB, c.temp(tensor.Float32, p.k, p.cols), p.cols, p.k
	t := run.Step{Name: "Transpose", Scope: p.node.Scope, Chunks: (cols + 63) / 64}
	t.Run = func(f *run.Frame, chunk int, _ []float32) {
		lo, hi := chunk*64, min(chunk*64+64, cols) // rows of the stored (cols, k)
		kernel.Transpose(f.F32[turned][lo:], cols, f.F32[stored][lo*k:], k, hi-lo, k)
	}
	c.emit(t, []int{turned}, []int{stored})
	p.bufB, p.transB = turned, false
}

// operands are the buffers that the product reads.
func (p *product) operands() []int {
	if p.split {
		return []int{p.bufA, p.bufB, p.restA, p.restB}
	}
	return []int{p.bufA, p.bufB}
}

// gemm is the kernel's product of m rows and w columns.
func (p *product) gemm(m, w int) kernel.Gemm {
	g := kernel.Gemm{M: m, N: w, K: p.k, LdA: p.k, LdB: p.cols, LdC: p.cols, TransA: p.transA, TransB: p.transB}
	if p.transA {
		g.LdA = p.rows
	}
	if p.transB {
		g.LdB = p.k
	}
	return g
}

// rowsOfA returns what lies from row r of op(A) on.
func (p *product) rowsOfA(f *run.Frame, r int) []float32 {
	if p.transA {
		return f.F32[p.bufA][r:]
	}
	return f.F32[p.bufA][r*p.k:]
}

// run computes an area into c, whose rows lie ldc apart.
func (p *product) run(f *run.Frame, a area, c []float32, ldc int, scratch []float32) {
	if p.pairs {
		p.runPairs(f, a, c, ldc)
		return
	}
	g := p.gemm(a.m, a.w)
	g.LdC, g.Bias = ldc, p.biasOf(f, a)
	from := a.q
	if p.transB {
		from *= p.k
	}
	g.Run(c, p.rowsOfA(f, a.r), f.F32[p.bufB][from:], scratch)
}

// biasOf returns what is added to each row of an area, nil for nothing.
func (p *product) biasOf(f *run.Frame, a area) []float32 {
	if p.bias < 0 {
		return nil
	}
	return f.F32[p.bias][a.q:][:a.w]
}

// addBias adds it to an area whose rows lie side by side.
func (p *product) addBias(f *run.Frame, a area, c []float32) {
	if bias := p.biasOf(f, a); bias != nil {
		for i := range a.m {
			row := c[i*a.w:][:a.w]
			kernel.Add(row, row, bias)
		}
	}
}
