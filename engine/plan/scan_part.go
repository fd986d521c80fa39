package plan

import (
	"sync"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// scanPart is the step compiled for some number of samples.
type scanPart struct {
	*scan
	prog             *run.Program
	rows             int   // 0: all samples, whatever their axis
	boxed            bool  // the step reads tensors, which stay where they are: elements are copied
	steps, constants []int // inputs of prog, or -1
	states           []int
	byRow            []bool   // constants of which each sample has its own row
	panels           []panels // matrices that the step reads in panels
	packed           []int    // where those lie: buffers of the op's Program
	next             []int    // of results, by state
	results          []result // what the step computes
	sums             []partSum
	sumScratch       int
	mu               sync.Mutex
	idle             []*scanFrame
}

// result is something that a step computes. It is computed straight into the first
// place where it is wanted.
type result struct {
	output    int   // of prog
	same      []int // buffers of prog in the same memory; nil when that cannot be moved
	size      int   // elements
	sequences []int // buffers of the op's outputs that it is an element of
	before    []int // the same, of states before the next step
	final     []int // buffers of the op's outputs that it is at the last step
}

// compile makes the Program for a number of samples, or for all of them when rows
// is 0. It returns nil when the samples depend on each other.
func (s *scan) compile(rows int) *scanPart {
	body := s.op.Body
	p := &scanPart{scan: s, rows: rows}
	r := newRowCutter(s, rows)
	if !r.cut() {
		return nil
	}
	var want []graph.Value
	at := map[graph.Value]int{}
	place := func(v graph.Value) *result {
		k, ok := at[v]
		if !ok {
			w := r.m[v]
			if w.OK() && w.Node.IsSource() { // a result must not lie in the memory of an input
				w = ops.StopGradient(w)
			}
			k = len(want)
			at[v] = k
			want = append(want, w)
			p.results = append(p.results, result{size: w.Shape().Size()})
		}
		return &p.results[k]
	}
	for _, o := range s.outputs {
		x := place(o.value)
		x.sequences = append(x.sequences, o.buffer)
	}
	for _, st := range s.states {
		v := body.Next[st.index]
		x := place(v)
		if st.before >= 0 {
			x.before = append(x.before, st.before)
		}
		if st.final >= 0 {
			x.final = append(x.final, st.final)
		}
		p.next = append(p.next, at[v])
	}
	p.addSums(func(v graph.Value) int {
		place(v)
		return at[v]
	})
	for _, v := range want {
		if !v.OK() || rows > 0 && (len(v.Shape()) == 0 || v.Shape()[0] != rows) {
			return nil
		}
	}
	whole := map[string]bool{}
	for _, x := range s.constants {
		v := body.Constants[x.index]
		whole[v.Node.Op.(graph.Input).Name] = !r.byRow[v]
	}
	c, err := compile(r.g, want, &packer{whole: whole})
	if err != nil {
		return nil
	}
	p.prog, p.boxed, p.panels = c.prog, c.boxed, c.packer.list
	shared := map[int]int{} // storages of results
	for _, b := range p.prog.Outputs {
		shared[c.storage[b]]++
	}
	for i, b := range p.prog.Outputs {
		x := &p.results[i]
		x.output = b
		if c.prog.Buffers[c.storage[b]].Place == run.Arena && shared[c.storage[b]] == 1 && !p.boxed {
			x.same = c.aliases(b)
		}
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
		}
	}
	return n + p.sumFLOPs()
}

// scanFrame is the memory of one worker that runs a part.
type scanFrame struct {
	frame         *run.Frame
	states, steps []feed
	constants     []feed         // those by row; others are the parent's
	spare         [][2][]float32 // by result: places of its own for two steps
	now           [][]float32    // by result: where it lies after the step before
	ahead         [][]float32    // memory of the next step

	stepNow, stateNow [][]float32 // by input: where it lies at this step
	sumScratch        []float32
}

// feed is an input of a step.
type feed struct {
	buffers []int     // of prog, that lie in the input's memory
	own     []float32 // memory of the frame
}

func (p *scanPart) newFrame() *scanFrame {
	f, err := p.prog.NewFrame(nil, 1)
	if err != nil {
		panic(err) // there are no variables
	}
	body := p.op.Body
	sf := &scanFrame{frame: f}
	input := func(index int, v graph.Value, byRow bool) feed {
		shape := v.Shape().Clone()
		if byRow {
			shape[0] = p.rows
		}
		t := tensor.New(tensor.Float32, shape...)
		if index < 0 {
			return feed{own: t.Float32s()}
		}
		if err := f.SetInput(index, t); err != nil {
			panic(err)
		}
		return feed{f.InputBuffers(index), t.Float32s()}
	}
	for i, st := range p.scan.states {
		sf.states = append(sf.states, input(p.states[i], body.States[st.index], p.rows > 0))
	}
	for i, x := range p.scan.steps {
		sf.steps = append(sf.steps, input(p.steps[i], body.Steps[x.index], p.rows > 0))
	}
	for i, x := range p.scan.constants {
		var own feed
		if p.byRow[i] {
			own = input(p.constants[i], body.Constants[x.index], true)
		}
		sf.constants = append(sf.constants, own)
	}
	for _, x := range p.results {
		sf.spare = append(sf.spare, [2][]float32{make([]float32, x.size), make([]float32, x.size)})
	}
	sf.now = make([][]float32, len(p.results))
	sf.stepNow, sf.stateNow = make([][]float32, len(p.scan.steps)), make([][]float32, len(p.scan.states))
	sf.sumScratch = make([]float32, p.sumScratch)
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
