package graph

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Feeds gives a run its inputs, by name, and its variables, by number.
type Feeds struct {
	Inputs    map[string]*tensor.Tensor
	Variables []*tensor.Tensor
}

// Run evaluates the wanted values with the ops' own Eval, then carries out the
// graph's assigns when assign is true. It allocates every intermediate value: it
// is the reference for compiled Programs and serves small host computations.
func Run(g *Graph, want []Value, f Feeds, assign bool) ([]*tensor.Tensor, error) {
	if g.err != nil {
		return nil, g.err
	}
	roots := append([]Value{}, want...)
	if assign {
		for _, a := range g.Assigns {
			roots = append(roots, a.Value)
		}
	}
	values := map[Value]*tensor.Tensor{}
	for _, n := range Reachable(g, roots) {
		if n.IsSource() {
			t, err := f.lookup(n)
			if err != nil {
				return nil, err
			}
			values[Value{n, 0}] = t
			continue
		}
		in := make([]*tensor.Tensor, len(n.In))
		for i, v := range n.In {
			in[i] = values[v]
		}
		out := make([]*tensor.Tensor, len(n.Out))
		for i, s := range n.Out {
			out[i] = tensor.New(s.DType, s.Shape...)
			values[Value{n, i}] = out[i]
		}
		n.Op.Eval(out, in)
	}
	res := make([]*tensor.Tensor, len(want))
	for i, v := range want {
		res[i] = values[v].Clone()
	}
	if assign {
		fresh := make([]*tensor.Tensor, len(g.Assigns))
		for i, a := range g.Assigns { // clone first: a variable may be assigned from another
			fresh[i] = values[a.Value].Clone()
		}
		for i, a := range g.Assigns {
			f.Variables[a.Variable.Node.Op.(Variable).ID].CopyFrom(fresh[i])
		}
	}
	return res, nil
}

func (f Feeds) lookup(n *Node) (*tensor.Tensor, error) {
	var t *tensor.Tensor
	switch op := n.Op.(type) {
	case Constant:
		return op.T, nil
	case Input:
		t = f.Inputs[op.Name]
		if t == nil {
			return nil, fmt.Errorf("graph: input %q was not fed", op.Name)
		}
	case Variable:
		if op.ID >= len(f.Variables) || f.Variables[op.ID] == nil {
			return nil, fmt.Errorf("graph: variable %d has no value", op.ID)
		}
		t = f.Variables[op.ID]
	}
	if s := n.Out[0]; t.DType() != s.DType || !t.Shape().Equal(s.Shape) {
		return nil, fmt.Errorf("graph: %s wants %v, got %v %v", OpName(n.Op), s, t.DType(), t.Shape())
	}
	return t, nil
}

// Reachable returns the nodes that the values need, in order.
func Reachable(g *Graph, values []Value) []*Node {
	mark := make([]bool, len(g.Nodes))
	for _, v := range values {
		mark[v.Node.ID] = true
	}
	count := 0
	for id := len(g.Nodes) - 1; id >= 0; id-- {
		if !mark[id] {
			continue
		}
		count++
		for _, v := range g.Nodes[id].In {
			mark[v.Node.ID] = true
		}
	}
	nodes := make([]*Node, 0, count)
	for id, n := range g.Nodes {
		if mark[id] {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
