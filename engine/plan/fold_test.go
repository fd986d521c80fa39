package plan_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// TestFold: factors and offsets of channels become part of weights that stay the same, and of no others.
func TestFold(t *testing.T) {
	conv := func(x, w value) value { return ops.Conv2D(x, w, ops.ConvOptions{Padding: "same"}) }
	groups := func(x, w value) value { return ops.Conv2D(x, w, ops.ConvOptions{Groups: 3}) }
	norm := func(b *bench, x value, bias bool) value {
		n := x.Shape().Last()
		if bias {
			x = ops.Add(x, b.variable(n))
		}
		mean, variance, gamma := b.variable(n), ops.Square(b.variable(n)), b.variable(n)
		factor := ops.Mul(ops.Rsqrt(ops.AddScalar(variance, 1e-3)), gamma)
		return ops.Add(ops.Mul(x, factor), ops.Neg(ops.Mul(mean, factor)))
	}
	for name, c := range map[string]struct {
		build func(b *bench) []value
		folds bool
	}{
		"convolution": {func(b *bench) []value {
			return []value{ops.Relu(norm(b, conv(b.input(3, 9, 8, 6), b.variable(3, 3, 6, 10)), false))}
		}, true},
		"convolution with bias": {func(b *bench) []value {
			return []value{ops.Relu(norm(b, conv(b.input(3, 9, 8, 6), b.variable(3, 3, 6, 10)), true))}
		}, true},
		"depthwise": {func(b *bench) []value {
			return []value{norm(b, groups(b.input(3, 9, 8, 3), b.variable(3, 3, 1, 6)), true)}
		}, true},
		"product": {func(b *bench) []value {
			return []value{ops.Tanh(norm(b, ops.MatMul(b.input(4, 6), b.variable(6, 10)), true))}
		}, true},
		"factor alone": {func(b *bench) []value {
			return []value{ops.Mul(conv(b.input(3, 9, 8, 6), b.variable(3, 3, 6, 10)), ops.Exp(b.variable(1, 1, 1, 10)))}
		}, true},
		"value read twice": {func(b *bench) []value {
			y := conv(b.input(3, 9, 8, 6), b.variable(3, 3, 6, 10))
			return []value{norm(b, y, false), y}
		}, false},
		"factor from data": {func(b *bench) []value {
			return []value{ops.Mul(conv(b.input(3, 9, 8, 6), b.variable(3, 3, 6, 10)), b.input(10))}
		}, false},
		"factor by rows": {func(b *bench) []value {
			return []value{ops.Mul(conv(b.input(3, 10, 10, 6), b.variable(3, 3, 6, 10)), b.variable(10, 1))}
		}, false},
		"weights assigned": {func(b *bench) []value {
			w := b.variable(3, 3, 6, 10)
			b.g.Assign(w, ops.MulScalar(w, 0.5))
			return []value{norm(b, conv(b.input(3, 9, 8, 6), w), false)}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			want := c.build(b)
			exact, err := graph.Run(b.g, want, graph.Feeds{Inputs: b.feeds.Inputs, Variables: clone(b.feeds.Variables)}, false)
			if err != nil {
				t.Fatal(err)
			}
			folded := newBench()
			folded.feeds = b.feeds
			var values []value
			folded.g, values = plan.Fold(b.g, want)
			if folds := folded.g != b.g; folds != c.folds {
				t.Fatalf("folded: %v, want %v", folds, c.folds)
			}
			folded.check(t, 1e-5, values...)
			got, _ := folded.execute(t, values, 2, 1)
			for i := range got {
				compare(t, "value", got[i], exact[i], 1e-5)
			}
			folded.g, values = plan.Fuse(folded.g, values)
			p, err := plan.Compile(folded.g, values)
			if err != nil {
				t.Fatal(err)
			}
			if s := p.String(); name == "convolution with bias" && !strings.Contains(s, "ConvBlockOp") {
				t.Errorf("not fused:\n%s", s)
			}
		})
	}
}
