package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// A product whose only reader is a loop of elementwise ops (bias, activation, its
// derivative, another addend, an optimizer's step) is computed together with it: a
// chunk computes an area of the product into its scratch, and the loop takes it from
// there while it is in the cache. The product itself is never written to memory.
//
// The interface is the type loop: whatever can compute a range of elements, or an area
// of a matrix, from a tile of a product can follow one. There are two kinds of loops,
// blockProgram for any ops and adamLoop.
//
// Large products have chunks of some columns, as in lower_matmul.go. Products with many
// rows and a second matrix that stays in the second-level cache, such as the gradients
// of weights, have chunks of whole rows, so that the loop's other operands are read in
// one piece; their second matrix is copied once, before, into the order in which the
// kernels read it.

const (
	joinedMatrix = 1 << 18 // elements of the second matrix for chunks of whole rows
	joinedRows   = 192     // the least number of rows for them
)

// joinProducts makes products part of the loops that are their only readers.
func (c *compiler) joinProducts() {
	if c.serial {
		return
	}
	for _, n := range c.nodes {
		p, ok := productOf(n)
		if !ok || p.lanes() > 1 || len(c.group(n).readers) == 0 {
			continue
		}
		head, tile := []*graph.Node{n}, graph.Value{Node: n}
		g := c.group(n).readers[0].find()
		if isView(g.nodes[0]) && c.uses[tile] == 1 && len(g.readers) > 0 { // of other axes, as in layers over sequences
			head, tile = append(head, g.nodes[0]), graph.Value{Node: g.nodes[0]}
			g = g.readers[0].find()
		}
		if !g.loop || g.product != nil || !g.shape.Equal(tile.Shape()) || g.reads(tile) != c.uses[tile] {
			continue
		}
		for _, m := range head {
			c.group(m).in = g
		}
		g.nodes = append(head, g.nodes...)
		g.product, g.tile, g.head = n, tile, len(head)
		if !p.pairs {
			c.joinBias(g, p.cols)
		}
	}
}

// joinBias makes an addition of the same numbers to each row, which alone reads the
// product, part of the product: the kernels add them before they store a tile.
func (c *compiler) joinBias(g *group, cols int) {
	for i, n := range g.elements() {
		k := slices.Index(n.In, g.tile)
		if k < 0 {
			continue
		}
		if n.Op != (ops.BinaryOp{Kind: ops.BinaryAdd}) || c.uses[g.tile] != 1 {
			return
		}
		sum, bias := graph.Value{Node: n}, n.In[1-k]
		same := slices.Equal(broadcastOf(bias.Shape(), g.shape).axes, []axis{{g.shape.Size() / cols, 0}, {cols, 1}})
		assigned := slices.ContainsFunc(c.assigns, func(a graph.Assign) bool { return a.Value == sum })
		if !same || c.group(bias.Node) == g || assigned {
			return
		}
		at := g.head + i
		copy(g.nodes[g.head+1:at+1], g.nodes[g.head:at])
		g.nodes[g.head] = n
		g.tile, g.bias, g.head = sum, bias, g.head+1
		return
	}
}

// reads counts how often the group reads a value.
func (g *group) reads(v graph.Value) int {
	count := 0
	for _, n := range g.nodes {
		for _, in := range n.In {
			if in == v {
				count++
			}
		}
	}
	return count
}

// lowerJoined makes the kernel calls of a loop with a product.
func (c *compiler) lowerJoined(g *group) {
	p, _ := productOf(g.product)
	s := run.Step{Name: opLabel(g.product.Op), Scope: g.product.Scope, FLOPs: p.flops()}
	var reads []int
	if g.bias.OK() {
		p.bias = c.buffer(g.bias)
		reads = append(reads, p.bias)
		s.Name += " Bias"
		s.FLOPs += int64(p.rows) * int64(p.cols)
	}
	var l loop
	if len(g.elements()) > 0 {
		l = c.loopOf(g)
		s.Name += " " + l.name
		s.FLOPs += l.flops
	}
	kept := -1 // the buffer of what the loop takes, if that is wanted elsewhere, too
	if c.uses[g.tile] > g.reads(g.tile) {
		kept = c.buffer(g.tile)
		l.writes = append(l.writes, kept)
	}
	if p.rows >= joinedRows && p.k*p.cols <= joinedMatrix {
		c.joinRows(&s, &p, l, kept)
	} else {
		c.joinTiles(&s, &p, l, kept)
	}
	c.emit(s, l.writes, slices.Concat(p.operands(), p.reads, l.reads, reads))
}

// joinTiles gives a step chunks of some rows and columns. What the loop takes is also
// stored in the buffer kept, if that is not -1.
func (c *compiler) joinTiles(s *run.Step, p *product, l loop, kept int) {
	p.rowStep, p.colStep = c.matmulTiles(p.rows, p.cols, p.k)
	p.colStep = min(p.colStep, blockSize)
	sparse := !p.transA && p.rows <= sparseLargest && c.sparseInput(p)
	if sparse {
		p.rowStep, p.colStep = p.rows, min(p.cols, sparseColumns)
	}
	p.bind(c, c.turns(*p))
	largest := p.gemm(p.rowStep, p.colStep)
	fromLists, size := never, 0
	if sparse {
		var lists int
		fromLists, lists, size = c.sparseTiles(p)
		p.reads = append(p.reads, lists)
	}
	s.Chunks = p.chunks()
	tile := p.rowStep * p.colStep
	s.Scratch = tile + max(largest.ScratchSize(), l.areaScratch, size)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		a := p.area(chunk)
		if l.area == nil && !sparse { // nothing but a bias
			p.run(f, a, f.F32[kept][a.r*p.cols+a.q:], p.cols, scratch[tile:])
			return
		}
		part := scratch[:a.m*a.w]
		if fromLists(f, a, part, f.F32[p.bufB], scratch[tile:]) {
			p.addBias(f, a, part)
		} else {
			p.run(f, a, part, a.w, scratch[tile:])
		}
		if kept >= 0 {
			for i := range a.m {
				copy(f.F32[kept][(a.r+i)*p.cols+a.q:], part[i*a.w:][:a.w])
			}
		}
		if l.area != nil {
			l.area(f, p.cols, a, part, scratch[tile:])
		}
	}
}

// joinRows gives a step chunks of whole rows.
func (c *compiler) joinRows(s *run.Step, p *product, l loop, kept int) {
	p.rowStep, p.colStep = joinedStep(p), p.cols
	p.bind(c, false)
	largest := p.gemm(p.rowStep, p.cols)
	tile, scratch := p.rowStep*p.cols, largest.ScratchSize()
	packed := p.rowStep < p.rows && p.cols >= smallTile && !p.pairs
	if packed {
		p.bufB = c.packPanels(p.node, largest, p.bufB)
		scratch = largest.PackedScratch()
	}
	s.Chunks = p.chunks()
	var fromLists *sparseRows
	if packed {
		fromLists = c.sparseRows(p)
	}
	whole := l.whole[:min(len(l.whole), 4)]
	s.Scratch = tile + max(scratch, l.scratch, fromLists.scratch())
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		a := p.area(chunk)
		part := scratch[:a.m*p.cols]
		if kept >= 0 {
			part = f.F32[kept][a.r*p.cols:][:len(part)]
		}
		var ahead [4][]float32 // what the loop will want
		for i, b := range whole {
			ahead[i] = f.F32[b][a.r*p.cols : (a.r+a.m)*p.cols]
		}
		switch {
		case fromLists.run(f, a, part, f.F32[p.bufB], scratch[tile:], ahead[:len(whole)]):
			p.addBias(f, a, part)
		case packed:
			g := p.gemm(a.m, a.w)
			g.Bias = p.biasOf(f, a)
			g.RunPacked(part, p.rowsOfA(f, a.r), f.F32[p.bufB], scratch[tile:], ahead[:len(whole)])
		default:
			p.run(f, a, part, p.cols, scratch[tile:])
		}
		if l.run != nil {
			l.run(f, a.r*p.cols, (a.r+a.m)*p.cols, part, scratch[tile:])
		}
	}
}

// joinedStep is the number of whole rows of a chunk: a tile of about so many elements
// that it stays in the second-level cache until the loop takes it, of rows that the
// kernels' tiles divide evenly. A panel of the second matrix should serve some tiles
// while it is in the first-level cache.
func joinedStep(p *product) int {
	const tiles, elements = 12, 20 * 1024
	step := max(elements/p.cols, 1)
	for step > tiles && step*p.cols*p.k > 2*minWork && (p.rows+step-1)/step < fewChunks {
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
