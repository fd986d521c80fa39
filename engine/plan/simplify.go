package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

// live is what a graph computes once dead values and repeated subexpressions are
// gone.
type live struct {
	nodes   []*graph.Node // in order, inputs first
	want    []graph.Value
	assigns []graph.Assign
	uses    map[graph.Value]int // how many inputs, outputs and assigns take a value
}

// simplify copies what is needed for the wanted values and the assigns into a new
// graph, in which equal ops on equal inputs are one node. Ops are comparable
// structs, so equality is ==; random ops differ by their stream.
func simplify(g *graph.Graph, want []graph.Value) live {
	roots := append([]graph.Value{}, want...)
	for _, a := range g.Assigns {
		roots = append(roots, a.Value, a.Variable)
	}
	type key struct {
		op graph.Op
		in [4]graph.Value
	}
	seen := map[key]*graph.Node{}
	r := newRewriter()
	for _, n := range graph.Reachable(g, roots) {
		if n.IsSource() || len(n.In) > 4 {
			r.copy(n)
			continue
		}
		if op, ok := n.Op.(ops.ReduceOp); ok && op.Kind == ops.ReduceVariance {
			r.m[graph.Value{Node: n}] = variance(r.value(n.In[0]), op)
			continue
		}
		k := key{op: n.Op}
		for i, v := range n.In {
			k.in[i] = r.value(v)
		}
		if old := seen[k]; old != nil {
			r.replace(n, old)
			continue
		}
		seen[k] = r.copy(n)
	}
	l := live{want: r.values(want), uses: map[graph.Value]int{}}
	for _, a := range g.Assigns {
		l.assigns = append(l.assigns, graph.Assign{Variable: r.value(a.Variable), Value: r.value(a.Value)})
	}
	l.nodes = r.g.Nodes
	for _, n := range l.nodes {
		for _, v := range n.In {
			l.uses[v]++
		}
	}
	for _, v := range l.want {
		l.uses[v]++
	}
	for _, a := range l.assigns {
		l.uses[a.Value]++
	}
	return l
}

// variance takes a variance apart, so that its parts are fused and shared.
func variance(x graph.Value, op ops.ReduceOp) graph.Value {
	axes := op.Axes.List()
	if len(axes) == 0 {
		return ops.MulScalar(x, 0)
	}
	return ops.Mean(ops.Square(ops.Sub(x, ops.Mean(x, axes, true))), axes, op.Keep)
}

// rewriter copies nodes from one graph to another.
type rewriter struct {
	g *graph.Graph
	m map[graph.Value]graph.Value
}

func newRewriter() *rewriter { return &rewriter{graph.New(), map[graph.Value]graph.Value{}} }

// value returns the copy of an old value.
func (r *rewriter) value(v graph.Value) graph.Value { return r.m[v] }

func (r *rewriter) values(vs []graph.Value) []graph.Value {
	out := make([]graph.Value, len(vs))
	for i, v := range vs {
		out[i] = r.m[v]
	}
	return out
}

// copy adds a node like n whose inputs are the copies of n's inputs.
func (r *rewriter) copy(n *graph.Node) *graph.Node {
	c := r.g.Insert(n.Op, r.values(n.In), n.Out, n.Scope)
	r.replace(n, c)
	return c
}

// replace lets the outputs of a new node stand for those of an old one.
func (r *rewriter) replace(old, by *graph.Node) {
	for i := range old.Out {
		r.m[graph.Value{Node: old, Index: i}] = graph.Value{Node: by, Index: i}
	}
}
