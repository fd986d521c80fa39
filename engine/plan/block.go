package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
)

// A fused group runs as a small program on block registers: each instruction is
// one vectorised kernel over blockSize elements, so that everything between the
// group's inputs and its outputs stays in the first-level cache.
const (
	blockSize   = 1024      // elements of a block register: 4 KiB
	chunkSize   = 16 * 1024 // elements of one chunk
	operandReg  = iota - 2  // where an operand's elements are:
	operandBuf              //   a block register, a buffer of the output's size,
	operandVal              //   a buffer with one element,
	operandTile             //   or the part of a product that has just been computed
)

// operand is one input of an instruction.
type operand struct {
	kind int
	id   int // register or buffer
}

// instr computes dst from up to three operands.
type instr struct {
	apply func(dst []float32, x [3][]float32, val [3]float32)
	in    []operand
	dst   operand // a register, or a buffer that is written directly
}

// load fills a register with a broadcast operand.
type load struct {
	reg, buf int
	broadcast
}

// loop is what computes a range of elements of a group's outputs.
type loop struct {
	name          string
	scratch       int
	flops         int64
	reads, writes []int
	// run computes elements [lo, hi); tile holds those of the product that the group
	// takes, if any.
	run func(f *run.Frame, lo, hi int, tile, scratch []float32)

	// The same for an area of a matrix with cols columns.
	area        func(f *run.Frame, cols int, a area, tile, scratch []float32)
	areaScratch int

	whole []int // buffers of the output's size that it reads
}

// lowerElementwise makes the loop of a group.
func (c *compiler) lowerElementwise(g *group) {
	l := c.loopOf(g)
	size := g.shape.Size()
	s := run.Step{Name: l.name, Scope: g.nodes[len(g.nodes)-1].Scope, Scratch: l.scratch, FLOPs: l.flops}
	s.Chunks = (size + chunkSize - 1) / chunkSize
	part := chunkSize
	if samples, chunks, ok := imageChunks(g.shape); ok && s.Chunks > 1 {
		s.Samples, s.Chunks, part = samples, chunks, samples*g.shape[1:].Size()
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		l.run(f, chunk*part, min((chunk+1)*part, size), nil, scratch)
	}
	c.emitSampled(s, l.writes, l.reads, append(slices.Clone(l.whole), l.writes...))
}

// loopOf compiles a group.
func (c *compiler) loopOf(g *group) loop {
	if l, ok := c.adamLoop(g); ok {
		return l
	}
	p := &blockProgram{size: g.shape.Size()}
	nodes := g.elements()
	inside := map[graph.Value]int{} // uses in the group
	lastUse := map[graph.Value]int{}
	for i, n := range nodes {
		for _, v := range n.In {
			lastUse[v] = i
			inside[v]++
		}
	}
	member := func(n *graph.Node) bool { return slices.Contains(nodes, n) }
	var free []int
	where := map[graph.Value]operand{}
	newReg := func() int {
		if len(free) > 0 {
			r := free[len(free)-1]
			free = free[:len(free)-1]
			return r
		}
		p.regs++
		return p.regs - 1
	}
	var reads, writes []int
	read := func(b int) {
		if !slices.Contains(reads, b) {
			reads = append(reads, b)
		}
	}
	locate := func(v graph.Value) operand {
		if o, ok := where[v]; ok {
			return o
		}
		if v == g.tile {
			where[v] = operand{kind: operandTile}
			return where[v]
		}
		b := c.buffer(v)
		read(b)
		bc := broadcastOf(v.Shape(), g.shape)
		var o operand
		switch {
		case v.Shape().Size() == p.size:
			o = operand{operandBuf, b}
		case bc.single():
			o = operand{operandVal, b}
		default:
			o = operand{operandReg, newReg()}
			p.loads = append(p.loads, load{o.id, b, bc})
			lastUse[v] = len(nodes) // loaded at the start of a block: its register is not free before
		}
		where[v] = o
		return o
	}
	spread := map[graph.Value]operand{} // numbers that fill a register, for Where's sake
	for _, n := range nodes {           // loads first: they take registers for the whole block
		for k, v := range n.In {
			if member(v.Node) {
				continue
			}
			o := locate(v)
			if _, ok := n.Op.(ops.WhereOp); !ok || k == 0 || o.kind != operandVal {
				continue
			}
			if _, ok := spread[v]; !ok {
				spread[v] = operand{operandReg, newReg()}
				p.loads = append(p.loads, load{spread[v].id, o.id, broadcast{[]axis{{1, 0}}}})
			}
		}
	}
	for i, n := range nodes {
		out := graph.Value{Node: n}
		ins := make([]operand, len(n.In))
		for k, v := range n.In {
			ins[k] = locate(v)
			if o, ok := spread[v]; ok && k > 0 && n.Op == (ops.WhereOp{}) {
				ins[k] = o
			}
		}
		dst := operand{operandReg, -1}
		if c.uses[out] > inside[out] {
			b := c.buffer(out)
			writes = append(writes, b)
			if old, inPlace := c.into[out]; inPlace && lastUse[old] > i {
				// Written when the block is done: the old value is still read.
				dst = operand{operandReg, newReg()}
				p.stores = append(p.stores, load{reg: dst.id, buf: b})
				lastUse[out] = len(nodes)
			} else {
				dst = operand{operandBuf, b}
			}
		}
		if dst.id < 0 {
			dst.id = newReg()
		}
		where[out] = dst
		p.code = append(p.code, instr{blockOp(n, ins), ins, dst})
		for _, v := range n.In {
			if o := where[v]; o.kind == operandReg && lastUse[v] == i {
				free = append(free, o.id)
				lastUse[v] = -1 // once
			}
		}
	}
	t := p.tiled()
	l := loop{name: loopName(nodes), flops: int64(len(p.code)) * int64(p.size), reads: reads, writes: writes}
	l.run, l.scratch = p.run, p.regs*blockSize
	l.area, l.areaScratch = t.runArea, t.regs*blockSize
	for _, g := range t.gathers {
		l.whole = append(l.whole, g.buf)
	}
	return l
}

// loopName lists the first of the ops in a loop.
func loopName(nodes []*graph.Node) string {
	name := "Fused"
	for _, n := range nodes {
		name += " " + opLabel(n.Op)
		if len(name) > 60 {
			return name + " …"
		}
	}
	return name
}

// blockProgram is a group's loop.
type blockProgram struct {
	size   int // elements of the output
	regs   int
	loads  []load
	code   []instr
	stores []load
}

// run computes elements [lo, hi), see loop.
func (p *blockProgram) run(f *run.Frame, lo, hi int, tile, scratch []float32) {
	for o := lo; o < hi; o += blockSize {
		n := min(blockSize, hi-o)
		for _, l := range p.loads {
			if o == lo || !l.steady() {
				l.fill(scratch[l.reg*blockSize:][:n], f.F32[l.buf], o)
			}
		}
		p.execute(f, o, n, rest(tile, o-lo), scratch)
		for _, st := range p.stores {
			copy(f.F32[st.buf][o:][:n], scratch[st.reg*blockSize:])
		}
	}
}

// execute runs the code over n elements from o on, whose part of the product is tile.
func (p *blockProgram) execute(f *run.Frame, o, n int, tile, scratch []float32) {
	for i := range p.code {
		in := &p.code[i]
		var x [3][]float32
		var val [3]float32
		for k, a := range in.in {
			switch a.kind {
			case operandReg:
				x[k] = scratch[a.id*blockSize:][:n]
			case operandBuf:
				x[k] = f.F32[a.id][o:][:n]
			case operandTile:
				x[k] = tile[:n]
			default:
				val[k] = f.F32[a.id][0]
			}
		}
		var dst []float32
		if in.dst.kind == operandBuf {
			dst = f.F32[in.dst.id][o:]
		} else {
			dst = scratch[in.dst.id*blockSize:]
		}
		in.apply(dst[:n], x, val)
	}
}

// rest returns x from i on, nothing of nothing.
func rest(x []float32, i int) []float32 {
	if x == nil {
		return nil
	}
	return x[i:]
}
