package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// normChain is a batch normalization and what follows it: an addition, relu and
// its upper bound.
type normChain struct {
	nodes []*graph.Node // normalization first
	added graph.Value   // may be zero
	op    NormBlockOp
}

// normChain returns the chain that starts at n, or nil.
func (f *fuser) normChain(n *graph.Node) fusion {
	norm, ok := n.Op.(ops.BatchNormOp)
	if !ok || n.Out[0].DType != tensor.Float32 {
		return nil
	}
	c := &normChain{nodes: []*graph.Node{n}, op: NormBlockOp{Norm: norm}}
	next := f.next(n)
	if next != nil && next.Op == (ops.BinaryOp{Kind: ops.BinaryAdd}) && !f.taken[next] {
		for i, v := range next.In {
			if !f.late[next.In[1-i].Node] && v.Node == n && next.In[1-i].Node != n && next.In[1-i].Shape().Equal(v.Shape()) {
				c.added, c.op.Add = next.In[1-i], true
				c.nodes = append(c.nodes, next)
				next = f.next(next)
				break
			}
		}
	}
	if next != nil && next.Op == (ops.UnaryOp{Kind: ops.UnaryRelu}) {
		c.op.Relu = true
		c.nodes = append(c.nodes, next)
		next = f.next(next)
		if next != nil {
			if clip, ok := next.Op.(ops.ClipOp); ok && clip.Lo <= 0 && clip.Hi > 0 {
				c.op.Cap = clip.Hi
				c.nodes = append(c.nodes, next)
			}
		}
	}
	if len(c.nodes) == 1 {
		return nil
	}
	return c
}

func (c *normChain) members() []*graph.Node { return c.nodes }

// markStatistics finds the nodes that depend on the mean or the variance of some
// batch normalization: added to a normalization, they might close a circle.
func (f *fuser) markStatistics(nodes []*graph.Node) {
	f.late = map[*graph.Node]bool{}
	for _, n := range nodes {
		for _, v := range n.In {
			_, norm := v.Node.Op.(ops.BatchNormOp)
			if f.late[v.Node] || norm && v.Index > 0 {
				f.late[n] = true
			}
		}
	}
}

func (c *normChain) rewrite(r *rewriter) {
	first := c.nodes[0]
	in := r.values(first.In)
	if c.op.Add {
		in = append(in, r.value(c.added))
	}
	r.g.Push(first.Scope)
	out := r.g.Apply(c.op, in...)
	r.g.Pop()
	r.m[graph.Value{Node: c.nodes[len(c.nodes)-1]}] = out[0]
	for i := range 2 {
		r.m[graph.Value{Node: first, Index: 1 + i}] = out[1+i]
	}
}
