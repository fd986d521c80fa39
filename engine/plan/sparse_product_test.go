package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// TestSparseInput: a layer on an input of which any share is zero, and the gradient of its weights, give what the ops give one by one.
func TestSparseInput(t *testing.T) {
	for _, row := range []struct{ samples, in, out int }{{128, 200, 160}, {60, 784, 64}, {300, 1000, 288}} {
		for _, every := range []int{1, 3, 5, 1 << 30} { // elements of which one is not zero
			t.Run(fmt.Sprint(row, " one of ", every), func(t *testing.T) {
				b := newBench()
				x, bias, w := b.input(row.samples, row.in), b.input(row.out), b.variable(row.in, row.out)
				data := b.feeds.Inputs["in0"].Float32s()
				for i := range data {
					if i%every > 0 {
						data[i] = 0
					}
				}
				y := ops.Relu(ops.Add(ops.MatMul(x, w), bias))
				b.g.Assign(w, ops.Sub(w, ops.MulScalar(ops.MatMulT(ops.Reshape(x, row.samples, row.in), b.input(row.samples, row.out), true, false), 0.01)))
				b.check(t, 2e-4, y)
				p, err := plan.Compile(b.g, []value{y})
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(p.String(), "Nonzeros") {
					t.Errorf("nothing looks for zeros in\n%s", p)
				}
			})
		}
	}
}

// TestSparseRelu: the same behind relu, whose share of zeros follows from the bias.
func TestSparseRelu(t *testing.T) {
	for _, shift := range []float32{5, 0, -2, -1e3} {
		t.Run(fmt.Sprint("bias ", shift), func(t *testing.T) {
			b := newBench()
			x, bias, w := b.input(130, 200), b.input(224), b.variable(224, 128)
			for i := range b.feeds.Inputs["in1"].Float32s() {
				b.feeds.Inputs["in1"].Float32s()[i] += shift
			}
			hidden := ops.Relu(ops.Add(ops.MatMul(x, b.variable(200, 224)), bias))
			y := ops.Tanh(ops.Add(ops.MatMul(hidden, w), b.input(128)))
			b.g.Assign(w, ops.Sub(w, ops.MulScalar(ops.MatMulT(hidden, b.input(130, 128), true, false), 0.01)))
			b.check(t, 2e-4, y)
			p, err := plan.Compile(b.g, []value{y})
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(p.String(), "Nonzeros"); n != 2 {
				t.Errorf("%d steps look for zeros, want that of the input and that of relu, in\n%s", n, p)
			}
		})
	}
}
