package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// The list of lowerings cannot name this one, which compiles the step with all of
// them.
func init() { lowerings = append(lowerings, lowerScan) }

// lowerScan compiles the step of a recurrence to a Program of its own, which one
// worker runs step after step for a few samples: no barrier, and the states stay in
// its cache. Which samples go together follows from the shapes. A step that mixes
// samples is run for all of them at once.
func lowerScan(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.ScanOp)
	if !ok || op.Length == 0 {
		return false
	}
	s := &scan{op: op}
	if !s.bind(c, n) {
		return false
	}
	total := 1
	if shape := op.Body.Next[s.states[0].index].Shape(); len(shape) > 0 {
		total = shape[0]
	}
	if total == 0 {
		return false
	}
	s.total = total
	rows := min(total, scanRows(total))
	if rows < total { // two Programs: for rows samples, and for those that are left
		part := s.compile(rows)
		rest := part
		if left := total % rows; left != 0 && part != nil {
			rest = s.compile(left)
		}
		if part != nil && rest != nil {
			s.parts = []*scanPart{part, rest}
		}
	}
	if s.parts == nil {
		rows = total
		part := s.compile(0)
		if part == nil {
			return false
		}
		s.parts = []*scanPart{part, part}
	}
	s.rows = rows
	for _, p := range s.parts {
		p.packed = s.pack(c, n, p.panels)
	}
	st := step(n)
	st.Chunks = (total + rows - 1) / rows
	s.placeSums(c, st.Chunks)
	for k := range st.Chunks {
		st.FLOPs += int64(op.Length) * s.part(k, st.Chunks).flops()
	}
	chunks := st.Chunks
	st.Run = func(f *run.Frame, chunk int, _ []float32) { s.part(chunk, chunks).run(f, chunk*s.rows) }
	c.boxed = true
	c.emit(st, s.writes, s.reads)
	s.emitSums(c, n, st.Chunks)
	return true
}

// scanRows is the number of samples that one worker takes through all steps: enough
// for products at full speed, few enough that every worker gets some.
func scanRows(total int) int { return min(max((total+3)/4+7, 8)/8*8, 32) }

// scan is a lowered ScanOp.
type scan struct {
	op            ops.ScanOp
	total, rows   int // samples, samples of a chunk
	states        []scanState
	steps         []scanValue
	constants     []scanValue
	outputs       []scanOutput
	sums          []scanSum
	reads, writes []int
	parts         []*scanPart // for a chunk, for the last chunk
	packed        []packed
}

// scanValue is an input or output of the op that is needed.
type scanValue struct {
	index  int // in the body's list
	buffer int
}

// scanOutput is an output, or a saved value.
type scanOutput struct {
	value  graph.Value // of the body
	buffer int
}

// scanState is a state that is needed.
type scanState struct {
	scanValue         // the initial state
	final, before int // buffers, or -1
}

func (s *scan) part(chunk, chunks int) *scanPart {
	if chunk == chunks-1 {
		return s.parts[1]
	}
	return s.parts[0]
}

// bind finds out what of the op is needed and where it lies. It returns false when
// a value is not float32.
func (s *scan) bind(c *compiler, n *graph.Node) bool {
	body := s.op.Body
	nS, nX, nO := len(body.States), len(body.Steps), len(body.Outputs)
	out := func(i int) int {
		v := graph.Value{Node: n, Index: i}
		if !c.used(v) {
			return -1
		}
		b := c.buffer(v)
		s.writes = append(s.writes, b)
		return b
	}
	in := func(i int) int {
		b := c.buffer(n.In[i])
		s.reads = append(s.reads, b)
		return b
	}
	var roots []graph.Value
	for i := range nO {
		if b := out(nS + i); b >= 0 {
			s.outputs = append(s.outputs, scanOutput{body.Outputs[i], b})
			roots = append(roots, body.Outputs[i])
		}
	}
	for i, v := range body.Saved {
		if b := out(2*nS + nO + i); b >= 0 {
			s.outputs = append(s.outputs, scanOutput{v, b})
			roots = append(roots, v)
		}
	}
	roots = append(roots, s.bindSums(c, n)...)
	final, before, need := make([]int, nS), make([]int, nS), make([]bool, nS)
	for i := range nS {
		final[i], before[i] = out(i), out(nS+nO+i)
		if need[i] = final[i] >= 0 || before[i] >= 0; need[i] {
			roots = append(roots, body.Next[i])
		}
	}
	reached := map[*graph.Node]bool{}
	for again := true; again; { // a state is needed when a needed one follows from it
		again = false
		clear(reached)
		for _, m := range graph.Reachable(body.Graph, roots) {
			reached[m] = true
		}
		for i, v := range body.States {
			if reached[v.Node] && !need[i] {
				need[i], again = true, true
				roots = append(roots, body.Next[i])
			}
		}
	}
	for i, v := range body.States {
		if need[i] {
			s.states = append(s.states, scanState{scanValue{i, in(i)}, final[i], before[i]})
			if v.DType() != tensor.Float32 {
				return false
			}
		}
	}
	for i, v := range body.Steps {
		if reached[v.Node] {
			s.steps = append(s.steps, scanValue{i, in(nS + i)})
			if v.DType() != tensor.Float32 {
				return false
			}
		}
	}
	for i, v := range body.Constants {
		if reached[v.Node] {
			s.constants = append(s.constants, scanValue{i, in(nS + nX + i)})
		}
	}
	for _, v := range roots {
		if v.DType() != tensor.Float32 {
			return false
		}
	}
	return len(s.states) > 0
}
