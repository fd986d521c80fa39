package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
)

// adamStep holds the values of a step of Adam:
//
//	m' = m + (g-m)·c1;  v' = v + (g²-v)·c2;  w' = w - m'·alpha / (sqrt(v')+epsilon)
type adamStep struct {
	w, m, v, g             graph.Value
	newW, newM, newV       graph.Value
	alpha, c1, c2, epsilon graph.Value // single numbers
	nodes                  []*graph.Node
	rounded                bool // g is rounded to bfloat16 first, as in layers that compute in it
}

// adamLoop recognises a group that is a step of Adam in place, and nothing else, and
// computes it by the kernel of that name: one pass instead of twelve over block
// registers, with the same bits.
func (c *compiler) adamLoop(g *group) (loop, bool) {
	nodes := g.elements()
	var a adamStep
	found := false
	for _, n := range nodes {
		if !found {
			a = adamStep{newW: graph.Value{Node: n}}
			found = a.match()
		}
	}
	if found {
		a.matchRounding(nodes)
	}
	if !found || len(nodes) != len(a.nodes) || c.into[a.newW] != a.w || c.into[a.newM] != a.m || c.into[a.newV] != a.v {
		return loop{}, false
	}
	member := map[*graph.Node]bool{}
	for _, n := range nodes {
		member[n] = true
	}
	for _, n := range a.nodes { // each of them once, and nobody else reads what lies between
		out := graph.Value{Node: n}
		if kept := out == a.newW || out == a.newM || out == a.newV || a.rounded && out.Node.In[0] == a.g && c.uses[out] == 2; !member[n] || !out.Shape().Equal(g.shape) || !kept && c.uses[out] > 1 {
			return loop{}, false
		}
		delete(member, n)
	}
	for _, v := range []graph.Value{a.alpha, a.c1, a.c2, a.epsilon} {
		if v.Shape().Size() != 1 {
			return loop{}, false
		}
	}
	for _, v := range []graph.Value{a.w, a.m, a.v, a.g} {
		if v.Shape().Size() != g.shape.Size() {
			return loop{}, false
		}
	}
	l := loop{name: "Adam", flops: int64(len(nodes)) * int64(g.shape.Size())}
	w, m, v, grad := c.buffer(a.newW), c.buffer(a.newM), c.buffer(a.newV), -1
	alpha, c1, c2, epsilon := c.buffer(a.alpha), c.buffer(a.c1), c.buffer(a.c2), c.buffer(a.epsilon)
	l.writes = []int{w, m, v}
	l.whole = []int{w, m, v}
	l.reads = []int{w, m, v, alpha, c1, c2, epsilon}
	if a.g != g.tile {
		grad = c.buffer(a.g)
		l.reads = append(l.reads, grad)
	}
	if a.rounded && grad >= 0 {
		l.scratch = chunkSize
	}
	rounded := a.rounded
	l.run = func(f *run.Frame, lo, hi int, tile, scratch []float32) {
		from := tile
		if grad >= 0 {
			tile, from = scratch, f.F32[grad][lo:]
		}
		if rounded {
			kernel.BFloat16(tile[:hi-lo], from)
		} else {
			tile = from
		}
		kernel.Adam(f.F32[w][lo:hi], f.F32[m][lo:], f.F32[v][lo:], tile,
			kernel.AdamParams{OneMinusBeta1: f.F32[c1][0], OneMinusBeta2: f.F32[c2][0], Alpha: f.F32[alpha][0], Epsilon: f.F32[epsilon][0]})
	}
	l.area = func(f *run.Frame, cols int, a area, tile, _ []float32) {
		for i := range a.m {
			lo := (a.r+i)*cols + a.q
			l.run(f, lo, lo+a.w, tile[i*a.w:], nil)
		}
	}
	return l, true
}

// matchRounding takes a rounding of g to bfloat16 apart that is one of the nodes and that
// nothing but the step reads.
func (a *adamStep) matchRounding(nodes []*graph.Node) {
	n := a.g.Node
	if n.Op == (ops.UnaryOp{Kind: ops.UnaryBFloat16}) && slices.Contains(nodes, n) {
		a.rounded, a.g, a.nodes = true, n.In[0], append(a.nodes, n)
	}
}

// match takes newW apart.
func (a *adamStep) match() bool {
	quotient := a.right(ops.BinarySub, a.newW, &a.w)
	root := a.right(ops.BinaryDiv, quotient, &a.newM)
	a.newM = a.left(ops.BinaryMul, a.newM, &a.alpha)
	a.newV = a.unary(ops.UnarySqrt, a.left(ops.BinaryAdd, root, &a.epsilon))
	difference := a.left(ops.BinaryMul, a.right(ops.BinaryAdd, a.newM, &a.m), &a.c1)
	again := a.right(ops.BinarySub, difference, &a.g)
	if again != a.m {
		return false
	}
	var square graph.Value
	difference = a.left(ops.BinaryMul, a.right(ops.BinaryAdd, a.newV, &a.v), &a.c2)
	again = a.right(ops.BinarySub, difference, &square)
	return again == a.v && again.OK() && a.unary(ops.UnarySquare, square) == a.g && a.g.OK()
}

// right returns the second operand of v, if it is of the given kind, and stores the
// first one; else the zero Value.
func (a *adamStep) right(kind ops.BinaryKind, v graph.Value, first *graph.Value) graph.Value {
	if !v.OK() || v.Node.Op != (ops.BinaryOp{Kind: kind}) {
		*first = graph.Value{}
		return graph.Value{}
	}
	a.nodes = append(a.nodes, v.Node)
	*first = v.Node.In[0]
	return v.Node.In[1]
}

// left does the same with the operands the other way around.
func (a *adamStep) left(kind ops.BinaryKind, v graph.Value, second *graph.Value) graph.Value {
	var first graph.Value
	*second = a.right(kind, v, &first)
	return first
}

func (a *adamStep) unary(kind ops.UnaryKind, v graph.Value) graph.Value {
	if !v.OK() || v.Node.Op != (ops.UnaryOp{Kind: kind}) {
		return graph.Value{}
	}
	a.nodes = append(a.nodes, v.Node)
	return v.Node.In[0]
}
