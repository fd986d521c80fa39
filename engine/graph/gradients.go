package graph

// Adder makes the sum of two values of equal shape. Package ops sets it, because
// gradients that meet at a value are added and addition is an op.
var Adder func(a, b Value) Value

// Ones makes a value of ones. Package ops sets it.
var Ones func(g *Graph, s Spec) Value

// Gradients adds to the graph the derivatives of loss, which must have one
// element, with respect to each of wrt, by reverse-mode differentiation. A value
// that loss does not depend on has the zero Value as its gradient.
func Gradients(loss Value, wrt []Value) []Value {
	g := loss.Graph()
	if g.err != nil {
		return make([]Value, len(wrt))
	}
	if loss.Shape().Size() != 1 {
		g.Errorf("Gradients: the loss must be a scalar, got %v", loss.Spec())
		return make([]Value, len(wrt))
	}
	return g.Backprop([]Value{loss}, []Value{Ones(g, loss.Spec())}, wrt)
}

// Backprop is Gradients of a scalar that is not in the graph, but whose derivative
// with respect to each of out is: dout. A zero Value in dout means zero.
func (g *Graph) Backprop(out, dout, wrt []Value) []Value {
	needed := dependsOn(g, wrt)
	grads := map[Value]Value{}
	last := -1
	for i, v := range out {
		d := dout[i]
		if !d.OK() {
			continue
		}
		if old := grads[v]; old.OK() {
			d = Adder(old, d)
		}
		grads[v] = d
		last = max(last, v.Node.ID)
	}
	for id := last; id >= 0; id-- {
		n := g.Nodes[id]
		if !needed[id] || n.IsSource() {
			continue
		}
		outs, douts := make([]Value, len(n.Out)), make([]Value, len(n.Out))
		any := false
		for i := range n.Out {
			outs[i] = Value{n, i}
			douts[i] = grads[outs[i]]
			any = any || douts[i].OK()
		}
		if !any {
			continue
		}
		g.scope = append(g.scope[:0], n.Scope)
		din := n.Op.Gradient(n.In, outs, douts)
		for i, d := range din {
			v := n.In[i]
			if !d.OK() || !needed[v.Node.ID] {
				continue
			}
			if g.err == nil && !d.Shape().Equal(v.Shape()) {
				g.Errorf("%s: gradient %d has shape %v, its input %v", OpName(n.Op), i, d.Shape(), v.Shape())
			}
			if old := grads[v]; old.OK() {
				d = Adder(old, d)
			}
			grads[v] = d
		}
		g.scope = g.scope[:0]
	}
	res := make([]Value, len(wrt))
	for i, v := range wrt {
		res[i] = grads[v]
	}
	return res
}

// dependsOn marks the nodes that depend on any of the values.
func dependsOn(g *Graph, values []Value) []bool {
	mark := make([]bool, len(g.Nodes))
	for _, v := range values {
		mark[v.Node.ID] = true
	}
	for id, n := range g.Nodes {
		for _, v := range n.In {
			if mark[v.Node.ID] {
				mark[id] = true
			}
		}
	}
	return mark
}
