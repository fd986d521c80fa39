package plan

import (
	"slices"
	"sync"

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
	s := &scan{op: op, pool: run.NewPool(1)}
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
	rows := min(total, max(8, (total+11)/12+7)/8*8)
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
	st := step(n)
	st.Chunks = (total + rows - 1) / rows
	for k := range st.Chunks {
		st.FLOPs += int64(op.Length) * s.part(k, st.Chunks).flops()
	}
	chunks := st.Chunks
	st.Run = func(f *run.Frame, chunk int, _ []float32) { s.part(chunk, chunks).run(f, chunk*s.rows) }
	c.emit(st, s.writes, s.reads)
	return true
}

// scan is a lowered ScanOp.
type scan struct {
	op            ops.ScanOp
	pool          *run.Pool // of the calling worker alone
	total, rows   int       // samples, samples of a chunk
	states        []scanState
	steps         []scanValue
	constants     []scanValue
	outputs       []scanValue
	reads, writes []int
	parts         []*scanPart // for a chunk, for the last chunk
}

// scanValue is an input or output of the op that is needed.
type scanValue struct {
	index  int // in the body's list
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
			s.outputs = append(s.outputs, scanValue{i, b})
			roots = append(roots, body.Outputs[i])
		}
	}
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
	for _, o := range s.outputs {
		if body.Outputs[o.index].DType() != tensor.Float32 {
			return false
		}
	}
	return len(s.states) > 0
}

// scanPart is the step compiled for some number of samples.
type scanPart struct {
	*scan
	prog             *run.Program
	rows             int   // 0: all samples, whatever their axis
	steps, constants []int // inputs of prog, or -1
	states           []int
	byRow            []bool // constants of which each sample has its own row
	next, outputs    []int  // of prog.Outputs
	mu               sync.Mutex
	idle             []*scanFrame
}

// compile makes the Program for a number of samples, or for all of them when rows
// is 0. It returns nil when the samples depend on each other.
func (s *scan) compile(rows int) *scanPart {
	body := s.op.Body
	p := &scanPart{scan: s, rows: rows}
	r := newRowCutter(s, rows)
	var want []graph.Value
	place := func(v graph.Value) int {
		w := r.m[v]
		if w.OK() && w.Node.IsSource() { // an output must not lie in the memory of an input
			w = ops.StopGradient(w)
		}
		want = append(want, w)
		return len(want) - 1
	}
	if !r.cut() {
		return nil
	}
	for _, st := range s.states {
		p.next = append(p.next, place(body.Next[st.index]))
	}
	for _, o := range s.outputs {
		p.outputs = append(p.outputs, place(body.Outputs[o.index]))
	}
	for _, v := range want {
		if !v.OK() || rows > 0 && (len(v.Shape()) == 0 || v.Shape()[0] != rows) {
			return nil
		}
	}
	var err error
	if p.prog, err = Compile(r.g, want); err != nil {
		return nil
	}
	input := func(v graph.Value) int { return p.prog.InputIndex(v.Node.Op.(graph.Input).Name) }
	for _, st := range s.states {
		p.states = append(p.states, input(body.States[st.index]))
	}
	for _, x := range s.steps {
		p.steps = append(p.steps, input(body.Steps[x.index]))
	}
	for _, x := range s.constants {
		v := body.Constants[x.index]
		p.constants = append(p.constants, input(v))
		p.byRow = append(p.byRow, r.byRow[v])
	}
	return p
}

func (p *scanPart) flops() (n int64) {
	for _, phase := range p.prog.Phases {
		for _, s := range phase {
			n += s.FLOPs
			for _, q := range s.Parts {
				n += q.FLOPs
			}
		}
	}
	return n
}

// scanFrame is the memory of one worker that runs a part.
type scanFrame struct {
	frame         *run.Frame
	states, steps []*tensor.Tensor
	constants     []*tensor.Tensor // nil where the parent's memory is used
	next, outputs [][]float32
}

func (p *scanPart) newFrame() *scanFrame {
	f, err := p.prog.NewFrame(nil, 1)
	if err != nil {
		panic(err) // there are no variables
	}
	body := p.op.Body
	sf := &scanFrame{frame: f}
	feed := func(input int, v graph.Value, byRow bool) *tensor.Tensor {
		shape := v.Shape().Clone()
		if byRow {
			shape[0] = p.rows
		}
		t := tensor.New(v.DType(), shape...)
		if input >= 0 {
			if err := f.SetInput(input, t); err != nil {
				panic(err)
			}
		}
		return t
	}
	for i, st := range p.scan.states {
		sf.states = append(sf.states, feed(p.states[i], body.States[st.index], p.rows > 0))
	}
	for i, x := range p.scan.steps {
		sf.steps = append(sf.steps, feed(p.steps[i], body.Steps[x.index], p.rows > 0))
	}
	for i, x := range p.scan.constants {
		var t *tensor.Tensor
		if p.byRow[i] {
			t = feed(p.constants[i], body.Constants[x.index], true)
		}
		sf.constants = append(sf.constants, t)
	}
	for _, k := range p.next {
		sf.next = append(sf.next, f.F32[p.prog.Outputs[k]])
	}
	for _, k := range p.outputs {
		sf.outputs = append(sf.outputs, f.F32[p.prog.Outputs[k]])
	}
	return sf
}

func (p *scanPart) take() *scanFrame {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		f := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return f
	}
	return p.newFrame()
}

func (p *scanPart) release(f *scanFrame) {
	p.mu.Lock()
	p.idle = append(p.idle, f)
	p.mu.Unlock()
}

// run does all steps for the samples from lo on.
func (p *scanPart) run(f *run.Frame, lo int) {
	sf := p.take()
	s, body := p.scan, p.op.Body
	for i, st := range s.states {
		x := sf.states[i].Float32s()
		copy(x, f.F32[st.buffer][p.rowStart(lo, len(x)):])
	}
	for i, x := range s.constants {
		switch t := sf.constants[i]; {
		case t != nil:
			copy(t.Float32s(), f.F32[x.buffer][p.rowStart(lo, t.Size()):])
		case p.constants[i] >= 0:
			if err := sf.frame.SetInput(p.constants[i], f.T[x.buffer]); err != nil {
				panic(err)
			}
		}
	}
	for t := range p.op.Length {
		if p.op.Reverse {
			t = p.op.Length - 1 - t
		}
		for i, st := range s.states {
			if st.before >= 0 {
				p.put(f.F32[st.before], sf.states[i].Float32s(), body.States[st.index].Shape(), t, lo)
			}
		}
		for i, x := range s.steps {
			p.get(sf.steps[i].Float32s(), f.F32[x.buffer], body.Steps[x.index].Shape(), t, lo)
		}
		if err := s.pool.Run(sf.frame); err != nil {
			panic(err)
		}
		for i, o := range s.outputs {
			p.put(f.F32[o.buffer], sf.outputs[i], body.Outputs[o.index].Shape(), t, lo)
		}
		for i, next := range sf.next {
			copy(sf.states[i].Float32s(), next)
		}
	}
	for i, st := range s.states {
		if st.final >= 0 {
			x := sf.states[i].Float32s()
			copy(f.F32[st.final][p.rowStart(lo, len(x)):], x)
		}
	}
	p.release(sf)
}

// rowStart is where row lo begins in an array of which size elements belong to
// this part.
func (p *scanPart) rowStart(lo, size int) int {
	if p.rows == 0 {
		return 0
	}
	return lo * (size / p.rows)
}

// get copies the rows from lo on of step t from a sequence; put copies them into
// one. Shape is that of one step with all samples.
func (p *scanPart) get(x, sequence []float32, shape graph.Shape, t, lo int) {
	p.move(x, sequence, shape, t, lo, false)
}

func (p *scanPart) put(sequence, x []float32, shape graph.Shape, t, lo int) {
	p.move(x, sequence, shape, t, lo, true)
}

func (p *scanPart) move(x, sequence []float32, shape graph.Shape, t, lo int, put bool) {
	at, width, stride := t*shape.Size()+p.rowStart(lo, len(x)), len(x), 0 // steps on axis 0: all rows lie together
	if p.op.Axis == 1 && len(shape) > 0 {
		width = shape[1:].Size()
		stride = width * p.op.Length
		at = lo*stride + t*width
	}
	for len(x) > 0 {
		if put {
			copy(sequence[at:][:width], x)
		} else {
			copy(x, sequence[at:][:width])
		}
		x = x[width:]
		at += stride
	}
}

// rowCutter copies the needed part of a step for fewer samples: those of axis 0.
type rowCutter struct {
	*scan
	rewriter
	rows  int
	whole map[graph.Value]bool // values that are the same for all samples
	byRow map[graph.Value]bool // constants that have a row for each sample
}

func newRowCutter(s *scan, rows int) *rowCutter {
	return &rowCutter{s, *newRewriter(), rows, map[graph.Value]bool{}, map[graph.Value]bool{}}
}

// cut copies the step. It returns false when a sample's result depends on others,
// as far as it can tell.
func (r *rowCutter) cut() bool {
	body := r.op.Body
	var roots []graph.Value
	for _, s := range r.scan.states {
		roots = append(roots, body.Next[s.index])
	}
	for _, o := range r.scan.outputs {
		roots = append(roots, body.Outputs[o.index])
	}
	nodes := graph.Reachable(body.Graph, roots)
	if r.rows == 0 {
		for _, n := range nodes {
			r.copy(n)
		}
		r.sources(roots)
		return true
	}
	for _, n := range nodes {
		v := graph.Value{Node: n}
		switch n.Op.(type) {
		case graph.Constant:
			r.copy(n)
			r.whole[v] = true
		case graph.Input:
			if slices.Contains(body.Constants, v) {
				continue // copied when it is clear how it is read
			}
			if len(n.Out[0].Shape) == 0 || n.Out[0].Shape[0] != r.total {
				return false
			}
			r.input(v, true)
		default:
			if len(n.Out) != 1 || !r.node(n) {
				return false
			}
		}
	}
	r.sources(roots)
	return true
}

// sources copies wanted constants of the step.
func (r *rowCutter) sources(roots []graph.Value) {
	for _, v := range roots {
		if !r.m[v].OK() {
			r.input(v, true)
		}
	}
}

// input copies an input of the step.
func (r *rowCutter) input(v graph.Value, byRow bool) graph.Value {
	s := v.Spec()
	if byRow {
		s.Shape = cutShape(s.Shape, r.rows)
	}
	w := r.g.Input(v.Node.Op.(graph.Input).Name, s)
	r.m[v] = w
	r.byRow[v] = byRow
	r.whole[v] = !byRow
	return w
}

func cutShape(s graph.Shape, rows int) graph.Shape {
	s = s.Clone()
	if len(s) > 0 {
		s[0] = rows
	}
	return s
}

// operand returns the copy of an operand that is read by row, or whole; false when
// it is of the other sort.
func (r *rowCutter) operand(v graph.Value, byRow bool) (graph.Value, bool) {
	w := r.m[v]
	if !w.OK() {
		w = r.input(v, byRow)
	}
	return w, r.whole[v] != byRow
}

// node copies a node whose samples are independent of each other.
func (r *rowCutter) node(n *graph.Node) bool {
	out := n.Out[0].Shape
	if len(out) == 0 || out[0] != r.total {
		return false
	}
	op := n.Op
	byRow := make([]bool, len(n.In))
	for i, v := range n.In {
		s := v.Shape()
		byRow[i] = len(s) == len(out) && s[0] == r.total // elementwise ops; others below
	}
	all := func() {
		for i, v := range n.In {
			byRow[i] = len(v.Shape()) > 0 && v.Shape()[0] == r.total
		}
	}
	first := func(d graph.Dims) graph.Dims {
		list := d.List()
		list[0] = r.rows
		return graph.MakeDims(list...)
	}
	switch o := op.(type) {
	case ops.UnaryOp, ops.ClipOp, ops.CastOp, ops.StopGradientOp, ops.BinaryOp, ops.WhereOp:
	case ops.MatMulOp:
		if o.TransA || len(n.In[0].Shape()) != 2 || len(n.In[1].Shape()) != 2 {
			return false
		}
		byRow = []bool{true, false}
	case ops.ReshapeOp:
		all()
		if !byRow[0] {
			return false
		}
		op = ops.ReshapeOp{Shape: first(o.Shape)}
	case ops.BroadcastToOp:
		op = ops.BroadcastToOp{Shape: first(o.Shape)}
	case ops.SliceOp:
		if o.Starts.At(0) != 0 || o.Sizes.At(0) != r.total || o.Steps.At(0) != 1 {
			return false
		}
		op = ops.SliceOp{Starts: o.Starts, Sizes: first(o.Sizes), Steps: o.Steps}
	case ops.ConcatOp:
		if a, _ := out.Axis(o.Axis); a == 0 {
			return false
		}
	case ops.ReduceOp:
		all()
		if !byRow[0] || o.Axes.Len() == 0 || slices.Contains(o.Axes.List(), 0) {
			return false
		}
	case ops.SoftmaxOp:
		if a, _ := out.Axis(o.Axis); a == 0 {
			return false
		}
	default:
		return false
	}
	in, specs := make([]graph.Value, len(n.In)), make([]graph.Spec, len(n.In))
	for i, v := range n.In {
		w, ok := r.operand(v, byRow[i])
		if !ok {
			return false
		}
		in[i], specs[i] = w, w.Spec()
	}
	got, err := op.Infer(specs)
	if err != nil || !got[0].Shape.Equal(cutShape(out, r.rows)) {
		return false
	}
	r.m[graph.Value{Node: n}] = graph.Value{Node: r.g.Insert(op, in, got, n.Scope)}
	return true
}
