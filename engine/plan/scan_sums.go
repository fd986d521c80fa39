package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// The sums of a recurrence, such as the gradients of its weights, are added up by each
// chunk for its own samples, while the operands are in its cache: what is summed is
// never written to memory. The sums of the chunks are added up at the end.

// scanSum is a sum that is needed.
type scanSum struct {
	ops.ScanSum
	size, rows, cols int // of the sum; cols is 0 for sums of rows
	total            int // buffer of the op's output
	parts            int // buffer of the chunks' own sums
}

// scanOperand says where an operand of a sum lies at a step.
type scanOperand struct {
	result, step, state int // the one that is not -1
}

// bindSums finds out which sums are needed, and returns their operands.
func (s *scan) bindSums(c *compiler, n *graph.Node) (roots []graph.Value) {
	first := len(n.Out) - len(s.op.Body.Sums)
	for i, sum := range s.op.Body.Sums {
		v := graph.Value{Node: n, Index: first + i}
		if !c.used(v) {
			continue
		}
		x := scanSum{ScanSum: sum, size: v.Shape().Size(), rows: v.Shape()[0], total: c.buffer(v)}
		roots = append(roots, sum.A)
		if sum.B.OK() {
			x.cols = v.Shape()[1]
			roots = append(roots, sum.B)
		}
		s.sums = append(s.sums, x)
	}
	return roots
}

// placeSums gives each chunk memory for its sums.
func (s *scan) placeSums(c *compiler, chunks int) {
	for i := range s.sums {
		s.sums[i].parts = c.temp(tensor.Float32, chunks, s.sums[i].size)
		s.writes = append(s.writes, s.sums[i].parts)
	}
}

// emitSums adds up the chunks' sums.
func (s *scan) emitSums(c *compiler, n *graph.Node, chunks int) {
	for _, x := range s.sums {
		c.emitLaneSum(n, x.total, x.parts, chunks, x.size, 0)
	}
}

// operand finds out where a value lies; place makes it a result if it is no input.
func (s *scan) operand(v graph.Value, place func(graph.Value) int) scanOperand {
	body := s.op.Body
	if i := slices.IndexFunc(s.steps, func(x scanValue) bool { return body.Steps[x.index] == v }); i >= 0 {
		return scanOperand{-1, i, -1}
	}
	if i := slices.IndexFunc(s.states, func(x scanState) bool { return body.States[x.index] == v }); i >= 0 {
		return scanOperand{-1, -1, i}
	}
	return scanOperand{place(v), -1, -1}
}

// partSum is how a part adds to a sum.
type partSum struct {
	a, b scanOperand // b means nothing for sums of rows
	gemm kernel.Gemm
}

// addSums finds the operands of the sums.
func (p *scanPart) addSums(place func(graph.Value) int) {
	for _, x := range p.scan.sums {
		ps := partSum{a: p.operand(x.A, place)}
		rows := p.rows
		if rows == 0 {
			rows = x.A.Shape()[0]
		}
		ps.gemm = kernel.Gemm{M: x.rows, N: x.cols, K: rows, LdA: x.rows, LdB: x.cols, LdC: x.cols, TransA: true}
		if x.B.OK() {
			ps.b = p.operand(x.B, place)
			p.sumScratch = max(p.sumScratch, ps.gemm.ScratchSize())
		}
		p.sums = append(p.sums, ps)
	}
}

// sumFLOPs counts the operations of the sums of one step.
func (p *scanPart) sumFLOPs() (n int64) {
	for i, x := range p.scan.sums {
		n += 2 * int64(x.size) * int64(p.sums[i].gemm.K)
	}
	return n
}

// sum adds the terms of a step for the samples from lo on.
func (p *scanPart) sum(sf *scanFrame, f *run.Frame, lo int, first bool) {
	at := func(o scanOperand) []float32 {
		switch {
		case o.step >= 0:
			return sf.stepNow[o.step]
		case o.state >= 0:
			return sf.stateNow[o.state]
		}
		return sf.now[o.result]
	}
	for i := range p.sums {
		ps, x := &p.sums[i], &p.scan.sums[i]
		acc := image(f.F32[x.parts], lo/p.scan.rows, x.size)
		if !x.B.OK() {
			if first {
				clear(acc)
			}
			kernel.SumRows(acc, at(ps.a), ps.gemm.K, x.size)
			continue
		}
		g := ps.gemm
		g.Accumulate = !first
		g.Run(acc, at(ps.a), at(ps.b), sf.sumScratch)
	}
}
