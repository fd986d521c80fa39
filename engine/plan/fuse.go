package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Fuse returns a graph that computes the same values, in which a convolution and
// the bias, relu, rounding to bfloat16 and 2×2 max-pooling that follow it, each
// read by nothing else, are one ConvBlockOp, and a batch normalization with the
// addition and relu that follow it one NormBlockOp. It is done before
// differentiation, so that the gradient is fused as well. The values, and the graph's assigns, are carried over.
func Fuse(g *graph.Graph, values []graph.Value) (*graph.Graph, []graph.Value) {
	if g.Err() != nil {
		return g, values
	}
	roots := append([]graph.Value{}, values...)
	for _, a := range g.Assigns {
		roots = append(roots, a.Value, a.Variable)
	}
	r := newRewriter()
	r.fuse(graph.Reachable(g, roots), roots)
	for _, a := range g.Assigns {
		r.g.Assign(r.value(a.Variable), r.value(a.Value))
	}
	return r.g, r.values(values)
}

// FusePart is Fuse for the part of a graph that was added since it had from nodes, of
// which nothing but values, and what is assigned, is read later: the part is added
// again, fused, and its values are returned. A graph whose gradients are taken on the way
// is built in such parts.
func FusePart(g *graph.Graph, from int, values []graph.Value) []graph.Value {
	if g.Err() != nil {
		return values
	}
	part := func(n *graph.Node) bool { return n.ID >= from && !n.IsSource() }
	roots := append([]graph.Value{}, values...)
	for _, a := range g.Assigns {
		if part(a.Value.Node) {
			roots = append(roots, a.Value)
		}
	}
	r := newRewriter()
	r.g = g
	var nodes []*graph.Node
	for _, n := range graph.Reachable(g, roots) {
		if part(n) {
			nodes = append(nodes, n)
			continue
		}
		r.replace(n, n)
	}
	r.fuse(nodes, roots)
	for i, a := range g.Assigns {
		if part(a.Value.Node) {
			g.Assigns[i].Value = r.value(a.Value)
		}
	}
	return r.values(values)
}

// fuse adds the nodes to the rewriter's graph, chains of them as one. Roots are wanted.
func (r *rewriter) fuse(nodes []*graph.Node, roots []graph.Value) {
	among := map[*graph.Node]bool{}
	f := fuser{uses: map[graph.Value]int{}, readers: map[graph.Value]*graph.Node{}}
	for _, n := range nodes {
		among[n] = true
		for _, v := range n.In {
			f.uses[v]++
			f.readers[v] = n
		}
	}
	for _, v := range roots {
		f.uses[v] += 2 // wanted values are never swallowed
	}
	f.markStatistics(nodes)
	f.taken = map[*graph.Node]bool{}
	blocks := map[*graph.Node]fusion{} // by member
	for _, n := range nodes {
		if f.taken[n] {
			continue
		}
		c := f.chain(n)
		if c == nil {
			c = f.normChain(n)
		}
		if c != nil {
			for _, m := range c.members() {
				blocks[m], f.taken[m] = c, true
			}
		}
	}
	// A block is added before the first of its readers, which may read what a member in the middle makes.
	done := map[*graph.Node]bool{}
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) {
		if done[n] || !among[n] {
			return
		}
		done[n] = true
		c := blocks[n]
		if c == nil {
			for _, v := range n.In {
				visit(v.Node)
			}
			r.copy(n)
			return
		}
		for _, m := range c.members() {
			done[m] = true
		}
		for _, m := range c.members() {
			for _, v := range m.In {
				visit(v.Node)
			}
		}
		c.rewrite(r)
	}
	for _, n := range nodes {
		visit(n)
	}
}

// fuser finds chains of ops in a graph.
type fuser struct {
	uses    map[graph.Value]int
	readers map[graph.Value]*graph.Node
	taken   map[*graph.Node]bool // members of chains found so far
	late    map[*graph.Node]bool // what depends on statistics, see markStatistics
}

// fusion is a chain of nodes that becomes one op.
type fusion interface {
	members() []*graph.Node
	rewrite(r *rewriter) // adds the op, whose inputs are there, in place of the members
}

// chain is a convolution and what follows it.
type chain struct {
	nodes []*graph.Node // convolution first
	bias  graph.Value   // may be zero
	op    ConvBlockOp
}

func (c *chain) members() []*graph.Node { return c.nodes }

// next returns the only reader of a node's output, or nil.
func (f *fuser) next(n *graph.Node) *graph.Node {
	v := graph.Value{Node: n}
	if f.uses[v] != 1 {
		return nil
	}
	return f.readers[v]
}

// chain returns the chain that starts at n, or nil.
func (f *fuser) chain(n *graph.Node) fusion {
	conv, ok := n.Op.(ops.Conv2DOp)
	if !ok || n.Out[0].DType != tensor.Float32 {
		return nil
	}
	c := &chain{nodes: []*graph.Node{n}, op: ConvBlockOp{Conv: conv}}
	next := f.next(n)
	if next != nil {
		if b, ok := biasOf(next, n); ok {
			c.bias = b
			c.nodes = append(c.nodes, next)
			next = f.next(next)
		}
	}
	round := func() { // rounding keeps the order, so it gives the same before and after relu and pooling
		for next != nil && next.Op == (ops.UnaryOp{Kind: ops.UnaryBFloat16}) {
			c.op.BFloat16 = true
			c.nodes = append(c.nodes, next)
			next = f.next(next)
		}
	}
	round()
	if next != nil && next.Op == (ops.UnaryOp{Kind: ops.UnaryRelu}) {
		c.op.Relu = true
		c.nodes = append(c.nodes, next)
		next = f.next(next)
	}
	round()
	if next != nil && isPool2x2(next) {
		c.op.Pool = true
		c.nodes = append(c.nodes, next)
		next = f.next(next)
	}
	round()
	if len(c.nodes) == 1 {
		return nil
	}
	return c
}

// biasOf returns the vector that add adds to the channels of conv's output.
func biasOf(add, conv *graph.Node) (graph.Value, bool) {
	if add.Op != (ops.BinaryOp{Kind: ops.BinaryAdd}) {
		return graph.Value{}, false
	}
	return channelsOf(add, conv)
}

// channelsOf returns the other operand of an op that reads conv's output, if that is a
// vector with a number for each channel.
func channelsOf(op, conv *graph.Node) (graph.Value, bool) {
	if !op.Out[0].Shape.Equal(conv.Out[0].Shape) {
		return graph.Value{}, false
	}
	for i, v := range op.In {
		if other := op.In[1-i]; v.Node == conv && other.Node != conv {
			s := other.Shape()
			return other, s.Rank() > 0 && s.Last() == conv.Out[0].Shape.Last() && s.Size() == s.Last()
		}
	}
	return graph.Value{}, false
}

// isPool2x2 reports whether n halves an image by maxima, without padding.
func isPool2x2(n *graph.Node) bool {
	p, ok := n.Op.(ops.MaxPool2DOp)
	two := [2]int{2, 2}
	return ok && p.Size == two && p.Strides == two && p.PadBefore == [2]int{} && p.PadAfter == [2]int{}
}

func (c *chain) rewrite(r *rewriter) {
	first := c.nodes[0]
	channels := first.Out[0].Shape.Last()
	var bias graph.Value
	if c.bias.OK() {
		bias = r.value(c.bias)
		if bias.Shape().Rank() != 1 {
			bias = ops.Reshape(bias, channels)
		}
	} else {
		bias = r.g.Constant(tensor.New(tensor.Float32, channels))
	}
	r.g.Push(first.Scope)
	out := r.g.Apply(c.op, r.value(first.In[0]), r.value(first.In[1]), bias)
	r.g.Pop()
	r.m[graph.Value{Node: c.nodes[len(c.nodes)-1]}] = out[0]
}
