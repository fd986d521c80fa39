package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Fold returns a graph that computes the same values, in which the factor and the
// offset that a batch normalization has for each channel are part of the weights and
// the bias of the convolution or product before it:
//
//	(x·w + b)·f + o = x·(w·f) + (b·f + o)
//
// It is for graphs that assign no weights: there w·f is the same in every run and
// computed once. The graph's assigns are carried over.
func Fold(g *graph.Graph, values []graph.Value) (*graph.Graph, []graph.Value) {
	if g.Err() != nil {
		return g, values
	}
	roots := append([]graph.Value{}, values...)
	for _, a := range g.Assigns {
		roots = append(roots, a.Value, a.Variable)
	}
	nodes := graph.Reachable(g, roots)
	f := fuser{uses: map[graph.Value]int{}, readers: map[graph.Value]*graph.Node{}}
	for _, n := range nodes {
		for _, v := range n.In {
			f.uses[v]++
			f.readers[v] = n
		}
	}
	for _, v := range roots {
		f.uses[v] += 2
	}
	fixed := fixedValues{g.Assigns, map[*graph.Node]bool{}}
	folds := map[*graph.Node]*scaled{} // by all nodes that are replaced
	for _, n := range nodes {
		if s := f.scaled(n, fixed); s != nil {
			for _, m := range s.nodes {
				folds[m] = s
			}
		}
	}
	if len(folds) == 0 {
		return g, values
	}
	r := newRewriter()
	for _, n := range nodes { // in order: what a folded product reads beside its input is copied by the time of its last node
		switch s := folds[n]; {
		case s == nil:
			r.copy(n)
		case n == s.last():
			s.rewrite(r)
		}
	}
	for _, a := range g.Assigns {
		r.g.Assign(r.value(a.Variable), r.value(a.Value))
	}
	return r.g, r.values(values)
}

// fixedValues tells which values are the same in every run until somebody changes a
// variable.
type fixedValues struct {
	assigns []graph.Assign
	known   map[*graph.Node]bool
}

func (f fixedValues) has(v graph.Value) bool {
	n := v.Node
	is, ok := f.known[n]
	if ok {
		return is
	}
	switch n.Op.(type) {
	case graph.Constant:
		is = true
	case graph.Variable:
		is = true
		for _, a := range f.assigns {
			is = is && a.Variable.Node.Op != n.Op
		}
	default:
		is = len(n.In) > 0 // others are fed or drawn
		for _, in := range n.In {
			is = is && f.has(in)
		}
	}
	f.known[n] = is
	return is
}

// scaled is a convolution or product whose channels are multiplied afterwards.
type scaled struct {
	nodes                []*graph.Node // the product first
	bias, factor, offset graph.Value   // vectors of the channels; bias and offset may be zero
}

func (s *scaled) last() *graph.Node { return s.nodes[len(s.nodes)-1] }

// scaled returns what can be folded into the weights of n, or nil.
func (f *fuser) scaled(n *graph.Node, fixed fixedValues) *scaled {
	switch op := n.Op.(type) {
	case ops.Conv2DOp:
	case ops.MatMulOp:
		if op.TransB || n.In[1].Shape().Rank() != 2 {
			return nil
		}
	default:
		return nil
	}
	if n.Out[0].DType != tensor.Float32 || !fixed.has(n.In[1]) || fixed.has(n.In[0]) {
		return nil
	}
	s := &scaled{nodes: []*graph.Node{n}}
	take := func(kind ops.BinaryKind) graph.Value {
		next := f.next(s.last())
		if next == nil || next.Op != (ops.BinaryOp{Kind: kind}) {
			return graph.Value{}
		}
		v, ok := channelsOf(next, s.last())
		if !ok || !fixed.has(v) {
			return graph.Value{}
		}
		s.nodes = append(s.nodes, next)
		return v
	}
	s.bias = take(ops.BinaryAdd)
	if s.factor = take(ops.BinaryMul); !s.factor.OK() {
		return nil
	}
	s.offset = take(ops.BinaryAdd)
	return s
}

// rewrite adds the product with other weights in place of the nodes.
func (s *scaled) rewrite(r *rewriter) {
	product := s.nodes[0]
	channels := product.Out[0].Shape.Last()
	vector := func(v graph.Value) graph.Value { return ops.Reshape(r.value(v), channels) }
	r.g.Push(product.Scope)
	factor := vector(s.factor)
	y := r.g.Apply(product.Op, r.value(product.In[0]), ops.Mul(r.value(product.In[1]), factor))[0]
	var bias graph.Value
	if s.bias.OK() {
		bias = ops.Mul(vector(s.bias), factor)
	}
	switch {
	case bias.OK() && s.offset.OK():
		bias = ops.Add(bias, vector(s.offset))
	case s.offset.OK():
		bias = vector(s.offset)
	}
	if bias.OK() {
		y = ops.Add(y, bias)
	}
	r.g.Pop()
	r.m[graph.Value{Node: s.last()}] = y
}
