package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// live is what a graph computes once dead values and repeated subexpressions are
// gone.
type live struct {
	nodes   []*graph.Node // in order, inputs first
	maxID   int           // larger than the ID of any node
	want    []graph.Value
	assigns []graph.Assign
	uses    map[graph.Value]int // how many inputs, outputs and assigns take a value
}

// simplify copies what is needed for the wanted values and the assigns into a new
// graph, in which equal ops on equal inputs are one node. Ops are comparable
// structs, so equality is ==; random ops differ by their stream. Large products
// become bfloat16MatMulOps, as use says.
func simplify(g *graph.Graph, want []graph.Value, use pairUse) live {
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
	reached := graph.Reachable(g, roots)
	uses := map[graph.Value]int{}
	for _, n := range reached {
		for _, v := range n.In {
			uses[v]++
		}
	}
	for _, v := range roots {
		uses[v]++
	}
	for _, n := range reached {
		if n.IsSource() || len(n.In) > 4 {
			r.copy(n)
			continue
		}
		if op, ok := n.Op.(ops.ReduceOp); ok && op.Kind == ops.ReduceVariance {
			r.m[graph.Value{Node: n}] = variance(r.value(n.In[0]), op)
			continue
		}
		if v := r.productSum(n, uses); v.OK() {
			r.m[graph.Value{Node: n}] = v
			continue
		}
		k := key{op: n.Op}
		copy(k.in[:], r.unbroadcast(n))
		if op, in, ok := bfloat16MatMul(n, k.in[:len(n.In)], use); ok {
			k.op = op
			copy(k.in[:], in)
		} else if op, w, ok := roundedMatMul(n.Op, k.in[:len(n.In)]); ok {
			k.op, k.in[1] = op, w
		}
		if v := r.fold(n, k.in[:len(n.In)]); v.OK() {
			r.m[graph.Value{Node: n}] = v
			continue
		}
		inputs := len(n.In)
		if dy, y, ok := reluGrad(n.Op, k.in[:inputs]); ok {
			k.op, k.in, inputs = reluGradOp{}, [4]graph.Value{dy, y}, 2
		}
		if old := seen[k]; old != nil {
			r.replace(n, old)
			continue
		}
		m := r.g.Insert(k.op, append([]graph.Value{}, k.in[:inputs]...), n.Out, n.Scope)
		r.replace(n, m)
		seen[k] = m
	}
	l := live{want: r.values(want), uses: map[graph.Value]int{}}
	for _, a := range g.Assigns {
		l.assigns = append(l.assigns, graph.Assign{Variable: r.value(a.Variable), Value: r.value(a.Value)})
	}
	l.maxID = len(r.g.Nodes)
	roots = append(roots[:0], l.want...)
	for _, a := range l.assigns {
		roots = append(roots, a.Value, a.Variable)
	}
	l.nodes = graph.Reachable(r.g, roots)
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

// unbroadcast returns the copies of n's inputs. An elementwise op that broadcasts
// anyway takes what a BroadcastTo repeats, not the repetitions.
func (r *rewriter) unbroadcast(n *graph.Node) []graph.Value {
	in := r.values(n.In)
	switch n.Op.(type) {
	case ops.BinaryOp, ops.WhereOp:
	default:
		return in
	}
	for i, v := range in {
		if _, ok := v.Node.Op.(ops.BroadcastToOp); !ok {
			continue
		}
		in[i] = v.Node.In[0]
		specs := make([]graph.Spec, len(in))
		for k, w := range in {
			specs[k] = w.Spec()
		}
		if out, err := n.Op.Infer(specs); err != nil || !out[0].Shape.Equal(n.Out[0].Shape) {
			in[i] = v
		}
	}
	return in
}

// fold returns the constant that an op on constants yields, if it is a small one,
// else the zero Value.
func (r *rewriter) fold(n *graph.Node, in []graph.Value) graph.Value {
	switch n.Op.(type) {
	case ops.UnaryOp, ops.BinaryOp, ops.WhereOp, ops.ClipOp, ops.CastOp, ops.ReshapeOp, ops.ReduceOp, ops.TransposeOp, ops.StopGradientOp:
	default:
		return graph.Value{}
	}
	args := make([]*tensor.Tensor, len(in))
	for i, v := range in {
		c, ok := v.Node.Op.(graph.Constant)
		if !ok || c.T.Size() > maxFold {
			return graph.Value{}
		}
		args[i] = c.T
	}
	if n.Out[0].Shape.Size() > maxFold {
		return graph.Value{}
	}
	out := tensor.New(n.Out[0].DType, n.Out[0].Shape...)
	n.Op.Eval([]*tensor.Tensor{out}, args)
	if out.Shape().Rank() == 0 && out.DType().Float() {
		return r.g.Scalar(out.DType(), out.Float64At(0))
	}
	return r.g.Constant(out)
}

// maxFold is the number of elements up to which constants are computed by the
// compiler.
const maxFold = 4096

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
