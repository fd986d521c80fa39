package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Compile turns the computation of the wanted values, and of all the graph's
// assigns, into a Program. Its outputs are the wanted values in the given order.
func Compile(g *graph.Graph, want []graph.Value) (*run.Program, error) {
	c, err := compile(g, want, nil)
	if err != nil {
		return nil, err
	}
	return c.prog, nil
}

// compile compiles; with a packer one worker runs the Program alone.
func compile(g *graph.Graph, want []graph.Value, p *packer) (*compiler, error) {
	if err := g.Err(); err != nil {
		return nil, err
	}
	direct, err := convMode()
	if err != nil {
		return nil, err
	}
	use, exact, err := precision()
	if err != nil {
		return nil, err
	}
	if p != nil {
		use = noPairs
	}
	c := newCompiler(simplify(g, want, use))
	c.exactConv = exact
	c.directConv, c.serial, c.packer = direct, p != nil, p
	for _, g := range c.groups() {
		c.lower(g)
	}
	for _, v := range c.want {
		c.prog.Outputs = append(c.prog.Outputs, c.output(v))
	}
	c.finishAssigns()
	c.prog.Assigns = len(c.assigns) > 0
	c.schedule()
	c.placeArena()
	c.prog.Finish()
	return c, nil
}

// output returns where a wanted value can be read when the Program has run. The
// value of a variable is the one from before the assigns.
func (c *compiler) output(v graph.Value) int {
	b := c.buffer(v)
	if c.prog.Buffers[b].Place == run.Variable && c.into[v] == (graph.Value{}) {
		t := c.temp(v.DType(), v.Shape()...)
		c.emitCopy(t, b)
		return t
	}
	return b
}

// compiler is the state of one compilation.
type compiler struct {
	live
	prog    *run.Program
	buffers map[graph.Value]int // where each value lies
	storage []int               // by buffer: the buffer whose memory it shares, itself mostly
	items   []item              // kernel calls in program order
	phases  [][]*task
	inputs  map[string]int
	into    map[graph.Value]graph.Value // value → variable whose memory it is written into
	groupOf []*group                    // by node; nil for sources

	rests      map[int]int            // by buffer: what its rounding to bfloat16 leaves over
	exactConv  bool                   // no Winograd
	packed     map[packing]int        // copies of matrices in pairs of bfloat16 numbers
	looked     map[graph.Value]looked // matrices whose zeros are known at run time
	fixed      fixedValues            // see fixedValue
	directConv bool                   // convolutions by matrix products only
	serial     bool                   // one worker runs the Program alone
	packer     *packer                // of a serial Program
	boxed      bool                   // some step reads or writes tensors rather than their elements
}

// item is one step with the buffers it touches; what depends on what follows
// from them.
type item struct {
	step   run.Step
	reads  []int
	writes []int

	sampled []int // of these, those that a chunk touches only at its samples, see run.Step.Samples
}

func newCompiler(l live) *compiler {
	return &compiler{
		live:    l,
		prog:    &run.Program{},
		buffers: map[graph.Value]int{},
		inputs:  map[string]int{},
		into:    map[graph.Value]graph.Value{},
		packed:  map[packing]int{},
		rests:   map[int]int{},
		looked:  map[graph.Value]looked{},
	}
}

// newBuffer adds a buffer in memory of its own.
func (c *compiler) newBuffer(b run.Buffer) int {
	id := len(c.prog.Buffers)
	c.prog.Buffers = append(c.prog.Buffers, b)
	c.storage = append(c.storage, id)
	return id
}

// temp adds an arena buffer that is no graph value, such as packed weights.
func (c *compiler) temp(dtype tensor.DType, shape ...int) int {
	return c.newBuffer(run.Buffer{Spec: graph.Spec{DType: dtype, Shape: shape}})
}

// view adds a buffer of another shape in the memory of an existing one.
func (c *compiler) view(of int, shape graph.Shape) int {
	b := c.prog.Buffers[of]
	b.Spec.Shape = shape
	id := c.newBuffer(b)
	c.storage[id] = c.storage[of]
	return id
}

// aliases returns the buffers that lie in the memory of b, itself included.
func (c *compiler) aliases(b int) []int {
	var list []int
	for i, s := range c.storage {
		if s == c.storage[b] {
			list = append(list, i)
		}
	}
	return list
}

// buffer returns the buffer of a value, making it at first use.
func (c *compiler) buffer(v graph.Value) int {
	if id, ok := c.buffers[v]; ok {
		return id
	}
	b := run.Buffer{Spec: v.Spec()}
	switch op := v.Node.Op.(type) {
	case graph.Constant:
		b.Place, b.T = run.Constant, op.T
	case graph.Input:
		b.Place = run.Input
		b.Index = c.input(op.Name)
	case graph.Variable:
		b.Place, b.Index = run.Variable, op.ID
	default:
		if b.Spec.DType == tensor.String {
			b.Place = run.Heap
		}
		if variable, ok := c.into[v]; ok {
			id := c.view(c.buffer(variable), v.Shape())
			c.buffers[v] = id
			return id
		}
	}
	id := c.newBuffer(b)
	c.buffers[v] = id
	return id
}

func (c *compiler) input(name string) int {
	if i, ok := c.inputs[name]; ok {
		return i
	}
	i := len(c.prog.Inputs)
	c.inputs[name] = i
	c.prog.Inputs = append(c.prog.Inputs, name)
	return i
}

// emit adds a kernel call.
func (c *compiler) emit(s run.Step, writes, reads []int) {
	if s.Chunks < 1 {
		s.Chunks = 1
	}
	for _, list := range [2][]int{reads, writes} {
		for _, b := range list {
			spec := c.prog.Buffers[b].Spec
			s.Bytes += int64(spec.Shape.Size() * spec.DType.Size())
		}
	}
	c.items = append(c.items, item{step: s, reads: reads, writes: writes})
}

// step starts a Step that carries the node's name and place.
func step(n *graph.Node) run.Step {
	return run.Step{Name: graph.OpName(n.Op), Scope: n.Scope, Chunks: 1}
}

// bufs returns the buffers of a node's inputs and outputs.
func (c *compiler) bufs(n *graph.Node) (in, out []int) {
	for _, v := range n.In {
		in = append(in, c.buffer(v))
	}
	for i := range n.Out {
		out = append(out, c.buffer(graph.Value{Node: n, Index: i}))
	}
	return in, out
}

// used reports whether anything needs the value.
func (c *compiler) used(v graph.Value) bool { return c.uses[v] > 0 }

// lowering makes the kernel calls of a node, or reports that it cannot.
type lowering func(c *compiler, n *graph.Node) bool

// lower makes the kernel calls of one group.
func (c *compiler) lower(g *group) {
	if g.loop {
		if g.product != nil {
			c.lowerJoined(g)
		} else {
			c.lowerElementwise(g)
		}
		return
	}
	n := g.nodes[0]
	if empty(n) {
		return
	}
	if !hollow(n) && n.Out[0].DType != tensor.String {
		for _, l := range lowerings {
			if l(c, n) {
				return
			}
		}
	}
	c.lowerEval(n)
}

// empty reports whether a node computes nothing, not even one number.
func empty(n *graph.Node) bool {
	for _, s := range n.Out {
		if s.Shape.Size() > 0 {
			return false
		}
	}
	return true
}

// hollow reports whether a node makes something of nothing, such as a sum over no
// elements: a case that kernels need not know.
func hollow(n *graph.Node) bool {
	if isView(n) {
		return false
	}
	for _, v := range n.In {
		if v.Shape().Size() == 0 {
			return true
		}
	}
	return false
}

// lowerings are tried in order; what none takes runs its Eval.
var lowerings = []lowering{
	lowerView, lowerConvBlock, lowerConv, lowerNorm, lowerLayerNorm, lowerPool, lowerMatMul, lowerAttention, lowerRoundedMatMul, lowerReduce, lowerSoftmax, lowerLines,
	lowerMove, lowerSort, lowerIndex, lowerCast, lowerResize, lowerSamples, lowerRandom, lowerNumbers,
}

// finishAssigns copies into their variables the assigned values that were not
// computed in place.
func (c *compiler) finishAssigns() {
	type pair struct{ from, to int }
	var copies []pair
	for _, a := range c.assigns {
		if c.into[a.Value] == a.Variable {
			continue
		}
		from := c.buffer(a.Value)
		if c.prog.Buffers[from].Place == run.Variable { // may itself be assigned: take its value first
			t := c.temp(a.Value.DType(), a.Value.Shape()...)
			c.emitCopy(t, from)
			from = t
		}
		copies = append(copies, pair{from, c.buffer(a.Variable)})
	}
	for _, p := range copies {
		c.emitCopy(p.to, p.from)
	}
}
