package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// group is what is lowered together: one node, or elementwise nodes of one output
// shape that become one loop.
//
// Groups are kept acyclic by levels: a group's level is higher than those of all
// groups it reads. Groups of one level cannot need each other, so merging them
// closes no cycle; a group of a lower level may be merged after it was raised,
// with all that read it.
type group struct {
	nodes   []*graph.Node // in order
	shape   graph.Shape
	loop    bool // elementwise: may be merged, lowered as a loop
	level   int
	readers []*group // groups that read a value of this one; with repeats
	in      *group   // the group that has swallowed this one

	product *graph.Node // the first node: a product that the loop takes tile by tile, see join_product.go
	head    int         // how many of the first nodes are no elements of the loop: the product, a view of it, the addition of a bias
	tile    graph.Value // what the loop takes: the last of them
	bias    graph.Value // what is added to each row of the product, if anything
}

// elements returns the nodes of the loop.
func (g *group) elements() []*graph.Node { return g.nodes[g.head:] }

// maxGroup bounds the number of ops in one loop, so that its block registers stay
// in the cache.
const maxGroup = 48

// maxRaise bounds the readers visited to raise a group, so that compiling takes
// time linear in the size of the graph. Giving up is always right: two loops
// instead of one.
const maxRaise = 64

// find returns the group that g has become part of.
func (g *group) find() *group {
	for g.in != nil {
		if g.in.in != nil {
			g.in = g.in.in
		}
		g = g.in
	}
	return g
}

// groups sorts the live nodes into groups and returns these in an order in which
// each comes after those it reads.
func (c *compiler) groups() []*group {
	c.groupOf = make([]*group, c.maxID)
	for _, n := range c.nodes {
		if !n.IsSource() {
			c.addNode(n)
		}
	}
	c.joinProducts()
	order := c.order()
	c.assignInPlace(order)
	return order
}

// addNode makes a group of n and merges it with those that it reads, if it may.
func (c *compiler) addNode(n *graph.Node) {
	g := &group{nodes: []*graph.Node{n}, loop: elementwise(n)}
	if g.loop {
		g.shape = n.Out[0].Shape
	}
	c.groupOf[n.ID] = g
	for _, v := range n.In {
		if o := c.group(v.Node); o != nil {
			g.level = max(g.level, o.level+1)
			o.readers = append(o.readers, g)
		}
	}
	for _, v := range n.In {
		if o := c.group(v.Node); o != nil && g.loop && o.loop && o.shape.Equal(g.shape) {
			g = merge(o, g)
		}
	}
}

// group returns the group of a node, nil for a source.
func (c *compiler) group(n *graph.Node) *group {
	g := c.groupOf[n.ID]
	if g == nil {
		return nil
	}
	return g.find()
}

// merge joins two loops if that closes no cycle. It returns the group that b is
// part of then.
func merge(a, b *group) *group {
	if a == b || len(a.nodes)+len(b.nodes) > maxGroup {
		return b
	}
	low, high := a, b
	if low.level > high.level {
		low, high = high, low
	}
	if low.level < high.level {
		r := raiser{avoid: high, budget: maxRaise}
		for _, w := range low.readers {
			if w = w.find(); w != high && w != low && !r.raise(w, high.level+1) {
				r.undo()
				return b
			}
		}
		low.level = high.level
	}
	into, gone := a, b
	if len(into.nodes)+len(into.readers) < len(gone.nodes)+len(gone.readers) {
		into, gone = gone, into
	}
	into.nodes = append(into.nodes, gone.nodes...)
	slices.SortFunc(into.nodes, func(x, y *graph.Node) int { return x.ID - y.ID })
	into.readers = append(into.readers, gone.readers...)
	gone.in, gone.nodes, gone.readers = into, nil, nil
	return into
}

// raiser lifts a group and what reads it to higher levels.
type raiser struct {
	avoid  *group // must stay where it is
	budget int
	done   []raised
}

type raised struct {
	g     *group
	level int
}

func (r *raiser) raise(g *group, level int) bool {
	r.budget--
	if g == r.avoid || r.budget < 0 {
		return false
	}
	if g.level >= level {
		return true
	}
	r.done = append(r.done, raised{g, g.level})
	g.level = level
	for _, w := range g.readers {
		if w = w.find(); w != g && !r.raise(w, level+1) {
			return false
		}
	}
	return true
}

func (r *raiser) undo() {
	for i := len(r.done) - 1; i >= 0; i-- {
		r.done[i].g.level = r.done[i].level
	}
}

// elementwise reports whether a node can be part of a loop.
func elementwise(n *graph.Node) bool {
	if len(n.Out) != 1 || n.Out[0].DType != tensor.Float32 || n.Out[0].Shape.Size() == 0 || !hasBlockOp(n) {
		return false
	}
	for _, v := range n.In {
		if v.DType() != tensor.Float32 {
			return false
		}
	}
	return true
}

// order sorts groups so that each comes after what it reads, otherwise by their
// last node.
func (c *compiler) order() []*group {
	done := map[*group]bool{}
	var out []*group
	var visit func(g *group)
	visit = func(g *group) {
		if g == nil || done[g] {
			return
		}
		done[g] = true
		for _, n := range g.nodes {
			for _, v := range n.In {
				visit(c.group(v.Node))
			}
		}
		out = append(out, g)
	}
	for _, n := range c.nodes {
		if g := c.group(n); g != nil && n == g.nodes[len(g.nodes)-1] {
			visit(g)
		}
	}
	return out
}

// assignInPlace finds the assigns whose value a loop can write straight into the
// variable: no later group reads the old value, and the loop itself reads it
// element by element.
func (c *compiler) assignInPlace(order []*group) {
	lastReader := map[graph.Value]int{} // variable → position of the last group that reads it
	position := map[*group]int{}
	viewOf := map[graph.Value]graph.Value{} // views of variables
	barred := map[graph.Value]bool{}        // variables whose old value is needed at the end, or under another shape
	for i, g := range order {
		position[g] = i
		for _, n := range g.nodes {
			for _, v := range n.In {
				if root, ok := viewOf[v]; ok {
					v = root
				}
				if _, ok := v.Node.Op.(graph.Variable); !ok {
					continue
				}
				lastReader[v] = i
				if isView(n) {
					viewOf[graph.Value{Node: n}] = v
					barred[v] = true
				}
			}
		}
	}
	for _, v := range c.want {
		barred[v] = true
	}
	for _, a := range c.assigns {
		barred[a.Value] = true // if it is a variable: its old value goes elsewhere
	}
	for _, a := range c.assigns {
		g := c.group(a.Value.Node)
		if g == nil || !g.loop || barred[a.Variable] || c.into[a.Value].OK() || !readsWhole(g, a.Variable) {
			continue
		}
		if i, read := lastReader[a.Variable]; !read || i <= position[g] {
			c.into[a.Value] = a.Variable
		}
	}
}

// readsWhole reports whether every use of v in the group is element by element, without broadcasting.
func readsWhole(g *group, v graph.Value) bool {
	for _, n := range g.nodes {
		for _, in := range n.In {
			if in == v && (v.Shape().Size() != g.shape.Size() || slices.Contains(g.nodes[:g.head], n)) {
				return false
			}
		}
	}
	return true
}
