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
