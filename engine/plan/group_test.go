package plan

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

// TestGroupsMakeNoCycle merges loops in random graphs of additions and of sums,
// which bar fusing: groups come in an order in which each follows those it reads,
// levels rise along every edge, and every node is in one group.
func TestGroupsMakeNoCycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graph.New()
		values := []graph.Value{g.Input("x", graph.Spec{Shape: graph.Shape{4, 5}}), g.Input("y", graph.Spec{Shape: graph.Shape{4, 5}})}
		for range rapid.IntRange(1, 120).Draw(t, "ops") {
			// Mostly of late values, so that graphs are deep as well as wide.
			pick := func() graph.Value {
				last := len(values) - 1
				return values[last-min(last, rapid.IntRange(0, 9).Draw(t, "back")*rapid.IntRange(0, 3).Draw(t, "far"))]
			}
			if rapid.IntRange(0, 3).Draw(t, "bar") == 0 {
				values = append(values, ops.Sum(pick(), []int{0}, true))
			} else {
				values = append(values, ops.Add(ops.Add(pick(), values[0]), ops.Neg(pick())))
			}
		}
		c := newCompiler(simplify(g, values, noPairs))
		order := c.groups()
		position := map[*group]int{}
		count := 0
		for i, o := range order {
			position[o] = i
			count += len(o.nodes)
			for k, n := range o.nodes {
				if c.group(n) != o || k > 0 && n.ID <= o.nodes[k-1].ID {
					t.Fatalf("node %d is misplaced", n.ID)
				}
			}
		}
		for _, n := range c.nodes {
			if n.IsSource() {
				count++
				continue
			}
			o := c.group(n)
			for _, v := range n.In {
				p := c.group(v.Node)
				if p == nil || p == o {
					continue
				}
				if position[p] >= position[o] || p.level >= o.level {
					t.Fatalf("node %d of group %d (level %d) reads group %d (level %d)", n.ID, position[o], o.level, position[p], p.level)
				}
			}
		}
		if count != len(c.nodes) {
			t.Fatalf("%d nodes are in groups, %d are live", count, len(c.nodes))
		}
	})
}

// TestMergedLoops: Adam is one loop, which writes in place.
func TestMergedLoops(t *testing.T) {
	g := graph.New()
	spec := graph.Spec{Shape: graph.Shape{300, 7}}
	w, m, v, x := g.Variable(0, spec), g.Variable(1, spec), g.Variable(2, spec), g.Input("x", spec)
	mv := ops.Add(m, ops.MulScalar(ops.Sub(x, m), 0.1))
	vv := ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(x), v), 0.001))
	g.Assign(m, mv)
	g.Assign(v, vv)
	g.Assign(w, ops.Sub(w, ops.Div(mv, ops.AddScalar(ops.Sqrt(vv), 1e-7))))
	p, err := Compile(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Phases) != 1 || len(p.Phases[0]) != 1 || p.ArenaSize != 0 {
		t.Errorf("Adam should be one loop that writes in place:\n%s", p)
	}
}
