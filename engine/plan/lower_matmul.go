package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerMatMul lowers products of matrices: (…, m, k)·(k, n), and stacks of
// matrices, broadcast or not.
func lowerMatMul(c *compiler, n *graph.Node) bool {
	p, ok := productOf(n)
	if !ok {
		return lowerStack(c, n)
	}
	out := c.buffer(graph.Value{Node: n})
	if c.packs(n.In[1], p.rows) {
		g := p.gemm(p.rows, p.cols)
		c.packedMatMul(n, g, c.panels(n.In[1], g), out)
		return true
	}
	p.rowStep, p.colStep = c.matmulTiles(p.rows, p.cols, p.k)
	lanes := p.lanes()
	p.bind(c, lanes > 1 || c.turns(p))
	s := step(n)
	s.FLOPs = p.flops()
	if lanes > 1 {
		c.laneMatMul(n, s, p.gemm(p.rows, p.cols), [4]int{p.rows, p.cols, p.k, lanes}, p.bufA, p.bufB, out)
		return true
	}
	largest := p.gemm(p.rowStep, p.colStep)
	s.Chunks = p.chunks()
	s.Scratch = largest.ScratchSize()
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		a := p.area(chunk)
		p.run(f, a, f.F32[out][a.r*p.cols+a.q:], p.cols, scratch)
	}
	c.emit(s, []int{out}, p.operands())
	return true
}

// packedMatMul makes a product whose second matrix lies in panels.
func (c *compiler) packedMatMul(n *graph.Node, g kernel.Gemm, panels, out int) {
	a := c.buffer(n.In[0])
	s := step(n)
	s.FLOPs = 2 * int64(g.M) * int64(g.N) * int64(g.K)
	s.Scratch = g.PackedScratch()
	s.Run = func(f *run.Frame, _ int, scratch []float32) {
		f.Ahead = g.RunPacked(f.F32[out], f.F32[a], f.F32[panels], scratch, f.Ahead)
	}
	c.emit(s, []int{out}, []int{a, panels})
}

// turns reports whether a transposed second matrix is best turned once: if several
// chunks would turn the same part, or if that need not be done in every run.
func (c *compiler) turns(p product) bool {
	return c.serial || p.rowStep < min(p.rows, largeTile) || c.fixedValue(p.node.In[1])
}

// laneTile is the most rows and columns of a chunk of a product in lanes.
const laneTile = 128

// matmulLanes is into how many partial sums a product is split: gradients of weights
// sum over so many samples, for so few results, that tiles alone would read the
// operands again and again.
func matmulLanes(rows, cols, k int) int {
	tiles := ((rows + laneTile - 1) / laneTile) * ((cols + laneTile - 1) / laneTile)
	if k < 1024 || tiles > 16 {
		return 1
	}
	return min(max(1, 32/tiles), k/512, 8)
}

// laneMatMul makes a product with the given rows, cols, inner length and lanes.
func (c *compiler) laneMatMul(n *graph.Node, s run.Step, gemm kernel.Gemm, l [4]int, a, b, out int) {
	rows, cols, k, lanes := l[0], l[1], l[2], l[3]
	rowChunks, colChunks := (rows+laneTile-1)/laneTile, (cols+laneTile-1)/laneTile
	parts := c.temp(tensor.Float32, lanes, rows*cols)
	depth := (k + lanes - 1) / lanes
	gemm.M, gemm.N, gemm.K = min(rows, laneTile), min(cols, laneTile), depth
	s.Chunks = lanes * rowChunks * colChunks
	s.Scratch = gemm.ScratchSize()
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		lane, tile := chunk/(rowChunks*colChunks), chunk%(rowChunks*colChunks)
		r, q, from := tile/colChunks*laneTile, tile%colChunks*laneTile, lane*depth
		g := gemm
		g.M, g.N, g.K = min(laneTile, rows-r), min(laneTile, cols-q), min(depth, k-from)
		x := f.F32[a]
		if g.TransA {
			x = x[from*g.LdA+r:]
		} else {
			x = x[r*g.LdA+from:]
		}
		g.Run(image(f.F32[parts], lane, rows*cols)[r*cols+q:], x, f.F32[b][from*cols+q:], scratch)
	}
	c.emit(s, []int{parts}, []int{a, b})
	c.emitLaneSum(n, out, parts, lanes, rows*cols, 0)
}

// matmulTiles is the function of that name, but for the steps of a Program that one
// worker runs alone.
func (c *compiler) matmulTiles(rows, cols, k int) (rowStep, colStep int) {
	if c.serial {
		return rows, cols
	}
	return matmulTiles(rows, cols, k)
}

// minWork is how many multiply-adds make a chunk that is worth a call.
const minWork = 1 << 17

// Bounds of the chunks of a product: as many chunks as a few workers can share out evenly, and tiles so large that copying parts of the operands into the
// order that the kernels read (kernel.Gemm) costs little.
const (
	fewChunks = 8
	smallTile = 64
	largeTile = 256
	maxWork   = 1 << 24 // multiply-adds of a chunk
)

// matmulTiles chooses the rows and columns of one chunk, by the shape alone. Columns are divided first: a chunk copies its own part of the second matrix, and
// the more rows use the copy the better.
func matmulTiles(rows, cols, k int) (rowStep, colStep int) {
	rowStep, colStep = rows, cols
	chunks := func() int { return (rows + rowStep - 1) / rowStep * ((cols + colStep - 1) / colStep) }
	halfRows := func() { rowStep = ((rowStep+1)/2 + 7) / 8 * 8 }
	halfCols := func() { colStep = ((colStep+1)/2 + 31) / 32 * 32 }
	for rowStep*colStep*k > maxWork && max(rowStep, colStep) > largeTile {
		if rowStep >= colStep {
			halfRows()
		} else {
			halfCols()
		}
	}
	for chunks() < fewChunks && rowStep*colStep*k > 2*minWork {
		switch {
		case colStep > smallTile:
			halfCols()
		case rowStep > 16:
			halfRows()
		default:
			return rowStep, colStep
		}
	}
	return rowStep, colStep
}

// lowerStack lowers stacks of products.
func lowerStack(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.MatMulOp)
	if !ok || n.Out[0].DType != tensor.Float32 {
		return false
	}
	p, _ := productOf(n)
	stack := n.Out[0].Shape[:len(n.Out[0].Shape)-2].Size()
	if stack*p.rows*p.cols*p.k == 0 {
		return false
	}
	in, out := c.bufs(n)
	c.stackedMatMul(n, in, out[0], op, stack, p.rows, p.cols, p.k)
	return true
}

// stackedMatMul multiplies pairs of matrices: small pairs are taken together in one
// chunk, the rows of large ones are shared out.
func (c *compiler) stackedMatMul(n *graph.Node, in []int, out int, op ops.MatMulOp, stack, rows, cols, k int) {
	lead := n.Out[0].Shape[:len(n.Out[0].Shape)-2]
	matrices := func(v graph.Value) []int32 { return stackPlaces(v.Shape()[:v.Shape().Rank()-2], lead) }
	as, bs := matrices(n.In[0]), matrices(n.In[1])
	rowStep := rows
	for rowStep > 16 && rowStep*cols*k > 4*minWork {
		rowStep = (rowStep/2 + 7) / 8 * 8
	}
	rowChunks := (rows + rowStep - 1) / rowStep
	per := 1
	if rowChunks == 1 {
		per = max(1, minWork/2/(rows*cols*k))
	}
	gemm := kernel.Gemm{M: rowStep, N: cols, K: k, LdA: k, LdB: cols, LdC: cols, TransA: op.TransA, TransB: op.TransB}
	if op.TransA {
		gemm.LdA = rows
	}
	if op.TransB {
		gemm.LdB = k
	}
	s := step(n)
	s.Chunks = (stack + per - 1) / per * rowChunks
	s.FLOPs = 2 * int64(stack) * int64(rows) * int64(cols) * int64(k)
	s.Scratch = gemm.ScratchSize()
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		first, r := chunk/rowChunks*per, chunk%rowChunks*rowStep
		g := gemm
		g.M = min(rowStep, rows-r)
		skip := r * k
		if op.TransA {
			skip = r
		}
		for i := first; i < min(first+per, stack); i++ {
			a, b := image(f.F32[in[0]], int(as[i]), rows*k), image(f.F32[in[1]], int(bs[i]), k*cols)
			g.Run(image(f.F32[out], i, rows*cols)[r*cols:], a[skip:], b, scratch)
		}
	}
	c.emit(s, []int{out}, in)
}

// stackPlaces returns, for each element of a shape, which element of an array that
// is broadcast to it is read there.
func stackPlaces(from, to graph.Shape) []int32 {
	b := broadcastOf(from, to)
	places := make([]int32, to.Size())
	for i := range places {
		places[i] = int32(b.at(i))
	}
	return places
}
