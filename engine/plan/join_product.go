package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// A product whose only reader is a loop of elementwise ops is computed together with
// it: a chunk computes some rows of the product into its scratch, and the loop, a
// loop value like any other (see loop), takes them from there while they are in the
// cache. The product itself is never written to memory. It is what becomes of the
// gradient of a layer's weights and its optimizer's step.
//
// Chunks are whole rows, so that the loop's other operands are read in one piece. All
// chunks read the whole second matrix, which is copied once, before, into the order
// in which the kernels read it; it has to be small enough to stay in the second-level
// cache.

// Bounds of joined products.
const (
	joinedMatrix = 1 << 18 // elements of the second matrix
	joinedRows   = 2       // times the second matrix' rows: the least number of rows
)

// joinProducts makes products part of the loops that are their only readers.
func (c *compiler) joinProducts() {
	if c.serial {
		return
	}
	for _, n := range c.nodes {
		p, ok := c.joinable(n)
		if !ok {
			continue
		}
		var g *group
		uses := 0
		for _, r := range c.group(n).readers {
			g = r.find()
			break
		}
		if g == nil || !g.loop || g.product != nil || !g.shape.Equal(n.Out[0].Shape) {
			continue
		}
		out := graph.Value{Node: n}
		for _, m := range g.nodes {
			for _, v := range m.In {
				if v == out {
					uses++
				}
			}
		}
		if uses != c.uses[out] || p.rows < joinedRows*p.k {
			continue
		}
		c.group(n).in = g
		g.nodes = append([]*graph.Node{n}, g.nodes...)
		g.product = n
	}
}

// joined is a product that a loop takes.
type joined struct {
	op            ops.MatMulOp
	rows, cols, k int
}

// joinable returns what is to be known of a product that may become part of a loop.
func (c *compiler) joinable(n *graph.Node) (joined, bool) {
	op, ok := n.Op.(ops.MatMulOp)
	if !ok || n.Out[0].DType != tensor.Float32 || len(n.Out[0].Shape) != 2 || len(n.In[0].Shape()) != 2 || op.TransB {
		return joined{}, false
	}
	p := joined{op: op, rows: n.Out[0].Shape[0], cols: n.Out[0].Shape[1], k: n.In[0].Shape()[1]}
	if op.TransA {
		p.k = n.In[0].Shape()[0]
	}
	return p, p.rows*p.cols*p.k > 0 && p.k*p.cols <= joinedMatrix && matmulLanes(p.rows, p.cols, p.k) == 1
}

// lowerJoined makes the kernel calls of a loop with a product.
func (c *compiler) lowerJoined(g *group) {
	n := g.product
	p, _ := c.joinable(n)
	l := c.loopOf(g)
	gemm := kernel.Gemm{N: p.cols, K: p.k, LdA: p.k, LdB: p.cols, LdC: p.cols, TransA: p.op.TransA}
	if p.op.TransA {
		gemm.LdA = p.rows
	}
	step := joinedStep(p)
	gemm.M = step
	bufA, bufB := c.buffer(n.In[0]), c.buffer(n.In[1])
	packed := step < p.rows && p.cols >= smallTile
	if packed {
		bufB = c.packPanels(n, gemm, bufB)
	}
	product := gemm.ScratchSize()
	if packed {
		product = gemm.PackedScratch()
	}
	s := run.Step{Name: opLabel(n.Op) + " " + l.name, Scope: n.Scope, Chunks: (p.rows + step - 1) / step}
	s.FLOPs = 2*int64(p.rows)*int64(p.cols)*int64(p.k) + l.flops
	s.Scratch = step*p.cols + max(product, l.scratch)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		r := chunk * step
		m := gemm
		m.M = min(step, p.rows-r)
		tile, rest := scratch[:m.M*p.cols], scratch[step*p.cols:]
		a := f.F32[bufA]
		if p.op.TransA {
			a = a[r:]
		} else {
			a = a[r*p.k:]
		}
		if packed {
			m.RunPacked(tile, a, f.F32[bufB], rest)
		} else {
			m.Run(tile, a, f.F32[bufB], rest)
		}
		l.run(f, r*p.cols, (r+m.M)*p.cols, tile, rest)
	}
	c.emit(s, l.writes, append([]int{bufA, bufB}, l.reads...))
}

// joinedStep is the number of rows of a chunk: a tile of about chunkSize elements,
// which stays in the cache until the loop takes it, of rows that the kernels' tiles
// divide evenly.
func joinedStep(p joined) int {
	const tiles = 12
	step := max(chunkSize/p.cols, 1)
	for step > tiles && step*p.cols*p.k > 16*minWork && (p.rows+step-1)/step < fewChunks {
		step = (step + 1) / 2
	}
	if step > tiles {
		step = step / tiles * tiles
	}
	return min(step, p.rows)
}

// packPanels adds the step that copies a product's second matrix into panels, and
// returns their buffer.
func (c *compiler) packPanels(n *graph.Node, gemm kernel.Gemm, bufB int) int {
	const each = 4 // panels of a chunk
	panels := gemm.Panels()
	packed := c.temp(tensor.Float32, gemm.K, gemm.N)
	s := run.Step{Name: "Pack", Scope: n.Scope, Chunks: (panels + each - 1) / each}
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		gemm.PackPanels(f.F32[packed], f.F32[bufB], chunk*each, min(chunk*each+each, panels))
	}
	c.emit(s, []int{packed}, []int{bufB})
	return packed
}
