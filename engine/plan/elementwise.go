package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// unit is what is lowered together: one node, or a group of elementwise nodes
// that become one loop.
type unit struct {
	node  *graph.Node
	group *group
}

// group is a set of elementwise nodes of one output shape.
type group struct {
	nodes []*graph.Node // in order
	shape graph.Shape
}

// maxGroup bounds the number of ops in one loop, so that its block registers stay
// in the first-level cache.
const maxGroup = 48

// units groups the live nodes and returns them in an order in which every unit
// comes after those it needs.
func (c *compiler) units() []unit {
	for _, n := range c.nodes {
		if c.elementwise(n) {
			c.join(n)
		}
	}
	order := c.order()
	c.assignInPlace(order)
	return order
}

// elementwise reports whether a node can be part of a fused loop.
func (c *compiler) elementwise(n *graph.Node) bool {
	if len(n.Out) != 1 || n.Out[0].DType != tensor.Float32 || n.Out[0].Shape.Size() == 0 || !hasBlockOp(n) {
		return false
	}
	for _, v := range n.In {
		if v.DType() != tensor.Float32 {
			return false
		}
		if _, ok := broadcastOf(v.Shape(), n.Out[0].Shape); !ok {
			return false
		}
	}
	return true
}

// join puts n into the group of one of its inputs, if that closes no cycle, or
// else into a group of its own.
func (c *compiler) join(n *graph.Node) {
	for _, v := range n.In {
		g := c.fused[v.Node]
		if g == nil || len(g.nodes) >= maxGroup || !g.shape.Equal(n.Out[0].Shape) || c.reaches(n, g) {
			continue
		}
		g.nodes = append(g.nodes, n)
		c.fused[n] = g
		return
	}
	c.fused[n] = &group{nodes: []*graph.Node{n}, shape: n.Out[0].Shape}
}

// reaches reports whether n needs, through a node outside of g, a member of g:
// then n cannot be computed in g's loop. Dependencies between groups count as a
// whole: all of a group's inputs are needed before any of its members is there.
func (c *compiler) reaches(n *graph.Node, g *group) bool {
	c.visit++
	stack := c.stack[:0]
	push := func(m *graph.Node) { // visit m and, when it is fused, its whole group
		members := []*graph.Node{m}
		if o := c.fused[m]; o != nil {
			members = o.nodes
		}
		for _, k := range members {
			if c.visited[k.ID] != c.visit {
				c.visited[k.ID] = c.visit
				stack = append(stack, k)
			}
		}
	}
	for _, v := range n.In {
		if c.fused[v.Node] != g {
			push(v.Node)
		}
	}
	for len(stack) > 0 {
		m := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c.fused[m] == g {
			return true
		}
		for _, v := range m.In {
			push(v.Node)
		}
	}
	c.stack = stack
	return false
}

// order sorts units so that each comes after what it needs, otherwise by their
// last node.
func (c *compiler) order() []unit {
	done := map[*graph.Node]bool{}
	var out []unit
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) {
		if done[n] || n.IsSource() {
			return
		}
		members := []*graph.Node{n}
		g := c.fused[n]
		if g != nil {
			members = g.nodes
		}
		for _, m := range members {
			done[m] = true
		}
		for _, m := range members {
			for _, v := range m.In {
				visit(v.Node)
			}
		}
		out = append(out, unit{n, g})
	}
	for _, n := range c.nodes {
		if g := c.fused[n]; g == nil || n == g.nodes[len(g.nodes)-1] {
			visit(n)
		}
	}
	return out
}

// assignInPlace finds the assigns whose value a fused loop can write straight
// into the variable: no later unit reads the old value, and the loop itself reads
// it element by element.
func (c *compiler) assignInPlace(order []unit) {
	lastReader := map[graph.Value]int{} // variable → position of the last unit that reads it
	producer := map[graph.Value]int{}
	alias := map[graph.Value]graph.Value{} // views of variables
	for i, u := range order {
		members := []*graph.Node{u.node}
		if u.group != nil {
			members = u.group.nodes
		}
		for _, n := range members {
			for _, v := range n.In {
				root := v
				if a, ok := alias[v]; ok {
					root = a
				}
				if _, ok := root.Node.Op.(graph.Variable); ok {
					if isView(n) { // its readers read the variable
						alias[graph.Value{Node: n}] = root
					}
					lastReader[root] = i
				}
			}
			producer[graph.Value{Node: n}] = i
		}
	}
	taken := map[graph.Value]bool{}
	for _, a := range c.assigns {
		i, ok := producer[a.Value]
		if !ok || taken[a.Value] || slices.Contains(c.want, a.Variable) || lastReader[a.Variable] > i || c.aliased(alias, a.Variable) {
			continue
		}
		g := order[i].group
		if g == nil || !readsWhole(g, a.Variable) || c.assignedElsewhere(a) {
			continue
		}
		c.into[a.Value] = a.Variable
		taken[a.Value] = true
	}
}

// assignedElsewhere reports whether the variable's old value is assigned to
// another variable, at the end of the step.
func (c *compiler) assignedElsewhere(a graph.Assign) bool {
	return slices.ContainsFunc(c.assigns, func(b graph.Assign) bool { return b.Value == a.Variable })
}

// aliased reports whether a view of the variable exists.
func (c *compiler) aliased(alias map[graph.Value]graph.Value, v graph.Value) bool {
	for _, root := range alias {
		if root == v {
			return true
		}
	}
	return false
}

// readsWhole reports whether every use of v in the group is without broadcasting.
func readsWhole(g *group, v graph.Value) bool {
	for _, n := range g.nodes {
		for _, in := range n.In {
			if in == v && v.Shape().Size() != g.shape.Size() {
				return false
			}
		}
	}
	return true
}

// broadcast says how an operand of n elements is read along the flat output:
// element i is operand[(i/repeat)%n].
type broadcast struct{ n, repeat int }

// broadcastOf returns how an operand of shape from is read for an output of shape
// to; false when its own axes are not next to each other.
func broadcastOf(from, to graph.Shape) (broadcast, bool) {
	b := broadcast{1, 1}
	const before, inside, after = 0, 1, 2
	state := before
	for k := len(to) - 1; k >= 0; k-- { // from the innermost axis outwards
		d := 1
		if j := k - (len(to) - len(from)); j >= 0 {
			d = from[j]
		}
		switch {
		case to[k] == 1:
		case d == to[k] && state == after:
			return b, false
		case d == to[k]:
			state = inside
			b.n *= d
		case state == before:
			b.repeat *= to[k]
		default:
			state = after
		}
	}
	if b.n == 1 {
		b.repeat = 1
	}
	return b, true
}
