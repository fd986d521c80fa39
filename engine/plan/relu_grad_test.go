package plan_test

import (
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// TestReluGrad wants the gradient of relu without a stored comparison, with NaN and
// single numbers as well.
func TestReluGrad(t *testing.T) {
	b := newBench()
	var want []value
	for _, shape := range [][]int{{300, 70}, {1}, {5, 1}} {
		x, w := b.input(shape...), b.input(shape...)
		b.feeds.Inputs["in0"].SetFloat64At(0, math.NaN())
		y := ops.Relu(x)
		want = append(want, graph.Gradients(ops.Sum(ops.Mul(ops.Square(y), w), nil, false), []value{x})...)
	}
	b.check(t, 1e-6, want...)
	p, err := plan.Compile(b.g, want)
	if err != nil {
		t.Fatal(err)
	}
	if s := p.String(); strings.Contains(s, "Greater") || !strings.Contains(s, "reluGrad") {
		t.Errorf("relu's gradient is computed in another way:\n%s", s)
	}
}
