package keras

import (
	"cmp"
	"math"
	"slices"
)

// plotItem is a box in a row, or the place where an edge passes the row (node is nil).
// Rows lie across the direction of the arrows.
type plotItem struct {
	node     *plotNode
	row      int
	across   float64 // centre
	along    float64 // where the row begins
	width    float64 // across
	depth    float64 // along
	rowDepth float64 // of the deepest box of the row
	before   []*plotItem
	order    float64
	aside    bool // at the end of its row, where an edge goes back along the side
}

// plotPasses bounds the passages: edges beyond are drawn straight, so that a file
// with many long edges can't fill the memory.
const plotPasses = 100_000

// plotEdge is an edge: a box, the passages of the rows between, a box.
type plotEdge []*plotItem

// plotLayout is where everything lies.
type plotLayout struct {
	rankDir       string
	rows          [][]*plotItem
	edges         []plotEdge
	across, along float64 // size of the drawing
}

func (l *plotLayout) sideways() bool { return l.rankDir == "LR" || l.rankDir == "RL" }

// point turns a place across and along the arrows into x and y.
func (l *plotLayout) point(across, along float64) (x, y float64) {
	if l.rankDir == "BT" || l.rankDir == "RL" {
		along = l.along - along
	}
	if l.sideways() {
		return along, across
	}
	return across, along
}

func newPlotLayout(g *plotGroup, rankDir string) *plotLayout {
	l := &plotLayout{rankDir: rankDir}
	nodes, edges := g.all()
	row := plotRows(nodes, edges)
	items := map[*plotNode]*plotItem{}
	for _, n := range nodes {
		it := &plotItem{node: n, row: row[n]}
		it.width, it.depth = n.size()
		if l.sideways() {
			it.width, it.depth = it.depth, it.width
		}
		items[n] = it
		l.add(it)
	}
	passes := 0
	for _, e := range edges {
		from, to := items[e[0]], items[e[1]]
		path := plotEdge{from}
		for r := from.row + 1; r < to.row && passes < plotPasses; r++ {
			passes++
			pass := &plotItem{row: r, width: plotLane, before: path[len(path)-1:]}
			path = append(path, pass)
			l.add(pass)
		}
		if to.row > from.row {
			to.before = append(to.before, path[len(path)-1])
		} else {
			from.aside, to.aside = true, true
		}
		l.edges = append(l.edges, append(path, to))
	}
	l.place()
	return l
}

func (l *plotLayout) add(it *plotItem) {
	for len(l.rows) <= it.row {
		l.rows = append(l.rows, nil)
	}
	l.rows[it.row] = append(l.rows[it.row], it)
}

// all lists the nodes and edges of a group and of those in it.
func (g *plotGroup) all() (nodes []*plotNode, edges [][2]*plotNode) {
	nodes, edges = slices.Clone(g.nodes), slices.Clone(g.edges)
	for _, sub := range g.groups {
		n, e := sub.all()
		nodes, edges = append(nodes, n...), append(edges, e...)
	}
	return nodes, edges
}

// plotRows numbers the rows: the longest path from a node that nothing feeds. Where
// a layer used again closes a circle, the edge that closes it does not count.
func plotRows(nodes []*plotNode, edges [][2]*plotNode) map[*plotNode]int {
	before, after := map[*plotNode][]*plotNode{}, map[*plotNode][]*plotNode{}
	for _, e := range edges {
		before[e[1]] = append(before[e[1]], e[0])
		after[e[0]] = append(after[e[0]], e[1])
	}
	// Nodes in reverse order of their ends in a depth-first search: all edges but
	// those that close circles lead on.
	var order []*plotNode
	seen := map[*plotNode]bool{}
	var visit func(n *plotNode)
	visit = func(n *plotNode) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, next := range after[n] {
			visit(next)
		}
		order = append(order, n)
	}
	for _, n := range nodes {
		if len(before[n]) == 0 {
			visit(n)
		}
	}
	for _, n := range nodes { // in a circle that nothing feeds
		visit(n)
	}
	slices.Reverse(order)
	row := map[*plotNode]int{} // of nodes that were passed
	for _, n := range order {
		r := 0
		for _, p := range before[n] {
			if from, ok := row[p]; ok {
				r = max(r, from+1)
			}
		}
		row[n] = r
	}
	return row
}

// place sets the items of each row in the order of what feeds them, one beside the
// other, and centres the rows.
func (l *plotLayout) place() {
	l.along = plotPad
	for _, row := range l.rows {
		deepest := 0.0
		for i, it := range row {
			it.order = float64(i)
			if len(it.before) > 0 {
				it.order = 0
				for _, b := range it.before {
					it.order += b.across / float64(len(it.before))
				}
			}
			if it.aside {
				it.order = math.Inf(1)
			}
			deepest = max(deepest, it.depth)
		}
		slices.SortStableFunc(row, func(a, b *plotItem) int { return cmp.Compare(a.order, b.order) })
		width := plotGap * float64(len(row)-1)
		for _, it := range row {
			width += it.width
		}
		at := -width / 2
		for _, it := range row {
			it.across = at + it.width/2
			it.along, it.rowDepth = l.along, deepest
			at += it.width + plotGap
		}
		l.across = max(l.across, width)
		l.along += deepest + plotRowGap
	}
	if len(l.rows) > 0 {
		l.along += plotPad - plotRowGap
	}
	l.across += 2 * plotPad
	for _, e := range l.edges { // room for edges that go back along the side
		if e[len(e)-1].row <= e[0].row {
			l.across += 6 * plotGap
			break
		}
	}
	for _, row := range l.rows {
		for _, it := range row {
			it.across += l.across / 2
		}
	}
}
