package plan_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// Products with weights rounded to bfloat16, forward and backward, give what a
// rounded copy of the weights gives, and make none.
func TestRoundedMatMul(t *testing.T) {
	for _, rows := range []int{1, 7, 128, 300} {
		b := newBench()
		x, w := b.input(rows, 130), b.variable(130, 150)
		y := ops.MatMul(x, ops.BFloat16(w))
		want := b.withGradients([]value{x, w}, y)
		b.check(t, 2e-6, want[:2]...)
		b.check(t, 1e-2, want...) // the gradient of w is rounded: a sum half way between two numbers may go either way
		p, err := plan.Compile(b.g, want)
		if err != nil {
			t.Fatal(err)
		}
		s := p.String()
		if !strings.Contains(s, "MatMul BFloat16") || !strings.Contains(s, "Transpose BFloat16") {
			t.Errorf("%d rows: the weights are rounded on their own:\n%s", rows, s)
		}
	}
}

// Small matrices, and such as are no variables, are rounded on their own.
func TestRoundedMatMulDeclined(t *testing.T) {
	b := newBench()
	want := []value{ops.MatMul(b.input(5, 6), ops.BFloat16(b.variable(6, 7))), ops.MatMul(b.input(5, 130), ops.BFloat16(b.input(130, 150)))}
	b.check(t, 2e-6, want...)
	p, err := plan.Compile(b.g, want)
	if err != nil {
		t.Fatal(err)
	}
	if s := p.String(); strings.Contains(s, "MatMul BFloat16") {
		t.Errorf("a matrix that is no large variable is rounded in the product:\n%s", s)
	}
}

// A convolution whose output is rounded to bfloat16 is still one step with relu and
// pooling; its values are those of the ops, its gradients those up to rounding.
func TestRoundedConvBlock(t *testing.T) {
	for _, relu := range []bool{false, true} {
		for _, pool := range []bool{false, true} {
			b := newBench()
			x, w, bias := b.input(3, 12, 12, 2), b.variable(5, 5, 2, 8), b.variable(8)
			y := ops.Add(ops.Conv2D(x, w, ops.ConvOptions{Padding: "same"}), bias)
			if relu {
				y = ops.Relu(y)
			}
			y = ops.BFloat16(y)
			if pool {
				y = ops.MaxPool2D(y, ops.PoolOptions{Size: [2]int{2, 2}})
			}
			loss := ops.Sum(ops.Square(y), nil, false)
			exact, err := graph.Run(b.g, []value{y}, b.feeds, false)
			if err != nil {
				t.Fatal(err)
			}
			plain := graph.Gradients(loss, []value{w, bias})
			reference, err := graph.Run(b.g, plain, b.feeds, false)
			if err != nil {
				t.Fatal(err)
			}
			g, fused := plan.Fuse(b.g, []value{y, loss})
			if s := g.String(); !strings.Contains(s, "ConvBlock") || strings.Contains(s, "MaxPool") || strings.Contains(s, "BFloat16 ") {
				t.Errorf("relu %v, pool %v: not fused:\n%s", relu, pool, s)
			}
			f := &bench{g: g, feeds: b.feeds}
			grads := graph.Gradients(fused[1], []value{g.Variable(0, w.Spec()), g.Variable(1, bias.Spec())})
			outs, _ := f.execute(t, append(fused[:1:1], grads...), 2, 1)
			compare(t, "output", outs[0], exact[0], 1e-2) // an element half way between two numbers may go either way
			tol := 1e-2
			if pool {
				tol = 0.1 // of equal rounded elements the op takes the first, the block the one that was largest before
			}
			compare(t, "gradient of w", outs[1], reference[0], tol)
			compare(t, "gradient of b", outs[2], reference[1], tol)
			for i, v := range outs[0].Float32s() {
				if r := ops.UnaryBFloat16.Func()(float64(v)); float32(r) != v {
					t.Fatalf("output %d, %v, is no bfloat16", i, v)
				}
			}
		}
	}
}
