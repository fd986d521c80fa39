package plan_test

import (
	"fmt"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// deep is the training step of a residual network of dense layers.
func deep(layers int) (*model, []value) {
	m := &model{bench: newBench()}
	x, y := m.input(8, 16), m.input(8, 16)
	h := x
	for range layers {
		h = ops.Add(h, ops.Tanh(m.dense(h, 16)))
	}
	loss := ops.Mean(ops.Square(ops.Sub(h, y)), nil, false)
	return m, m.adam([]value{loss})
}

// BenchmarkCompile: the time for a node must not grow with the graph.
func BenchmarkCompile(b *testing.B) {
	for _, layers := range []int{50, 200, 800} {
		m, want := deep(layers)
		nodes := len(graph.Reachable(m.g, want))
		for _, a := range m.g.Assigns {
			nodes = max(nodes, a.Value.Node.ID)
		}
		b.Run(fmt.Sprint("layers=", layers), func(b *testing.B) {
			for b.Loop() {
				if _, err := plan.Compile(m.g, want); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(nodes), "µs/node")
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}
