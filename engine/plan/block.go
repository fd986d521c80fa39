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
	blockSize  = 1024      // elements of a block register: 4 KiB
	chunkSize  = 16 * 1024 // elements of one chunk
	operandReg = iota - 2  // where an operand's elements are:
	operandBuf             //   a block register, a buffer of the output's size,
	operandVal             //   or a buffer with one element
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

// lowerElementwise makes the loop of a group.
func (c *compiler) lowerElementwise(g *group) {
	p := &blockProgram{size: g.shape.Size()}
	inside := map[graph.Value]int{} // uses in the group
	lastUse := map[graph.Value]int{}
	for i, n := range g.nodes {
		for _, v := range n.In {
			lastUse[v] = i
			inside[v]++
		}
	}
	member := func(n *graph.Node) bool { return !n.IsSource() && c.group(n) == g }
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
			lastUse[v] = len(g.nodes) // loaded at the start of a block: its register is not free before
		}
		where[v] = o
		return o
	}
	spread := map[graph.Value]operand{} // numbers that fill a register, for Where's sake
	for _, n := range g.nodes {         // loads first: they take registers for the whole block
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
	for i, n := range g.nodes {
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
				lastUse[out] = len(g.nodes)
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
	s := run.Step{Name: "Fused", Scope: g.nodes[len(g.nodes)-1].Scope}
	for _, n := range g.nodes {
		s.Name += " " + opLabel(n.Op)
		if len(s.Name) > 60 {
			s.Name += " …"
			break
		}
	}
	s.Chunks = (p.size + chunkSize - 1) / chunkSize
	s.Scratch = p.regs * blockSize
	s.FLOPs = int64(len(p.code)) * int64(p.size)
	s.Run = p.run
	c.emit(s, writes, reads)
}

// blockProgram is a group's loop.
type blockProgram struct {
	size   int // elements of the output
	regs   int
	loads  []load
	code   []instr
	stores []load
}

// run does one chunk.
func (p *blockProgram) run(f *run.Frame, chunk int, scratch []float32) {
	end := min((chunk+1)*chunkSize, p.size)
	for o := chunk * chunkSize; o < end; o += blockSize {
		n := min(blockSize, end-o)
		for _, l := range p.loads {
			l.fill(scratch[l.reg*blockSize:][:n], f.F32[l.buf], o)
		}
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
		for _, st := range p.stores {
			copy(f.F32[st.buf][o:][:n], scratch[st.reg*blockSize:])
		}
	}
}
