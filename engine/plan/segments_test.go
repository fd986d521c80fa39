package plan_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
)

// segmentOf returns the names of the parts of the step that has one so called.
func segmentOf(p *run.Program, name string) string {
	for _, phase := range p.Phases {
		for _, s := range phase {
			var names []string
			for _, part := range s.Parts {
				names = append(names, part.Name)
			}
			if all := strings.Join(names, ", "); strings.Contains(all, name) {
				return all
			}
		}
	}
	return ""
}

// TestSegments: a normalization and the convolution that reads it share chunks, forward and backward, although another convolution reads the normalization too, and
// so does the addition of a second branch's gradient; the values are those of the ops' own loops for 1, 2, 3 and 8 threads, also where the last chunk is shorter.
func TestSegments(t *testing.T) {
	for _, batch := range []int{63, 64} {
		b := newBench()
		gamma, beta, w, w1 := b.variable(16), b.variable(16), b.variable(3, 3, 16, 16), b.variable(1, 1, 16, 16)
		x := b.input(batch, 48, 48, 16)
		x = ops.Mul(x, ops.Sigmoid(x))
		y, _, _ := ops.BatchNorm(x, gamma, beta, 1e-3)
		h := ops.Relu(y)
		z := ops.Add(ops.Conv2D(h, w, ops.ConvOptions{Padding: "same"}), ops.Conv2D(h, w1, ops.ConvOptions{}))
		loss := ops.Mean(ops.Mul(z, z), nil, false)
		var want []value
		b.g, want = plan.Fuse(b.g, []value{loss})
		var weights []value
		for id, v := range []value{gamma, beta, w, w1} {
			weights = append(weights, b.g.Variable(id, v.Spec()))
		}
		want = append(want, graph.Gradients(want[0], weights)...)
		p, err := plan.Compile(b.g, want)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range []string{"NormBlockOp, Conv2DOp", "Fused Add, NormBlockGradOp (sums)"} {
			if segmentOf(p, pair) == "" {
				t.Errorf("batch %d: no segment with %s:\n%s", batch, pair, p)
			}
		}
		b.check(t, 1e-4, want...)
	}
}
