package plan_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// TestJoinedProducts: loops that take a product from the cache give what the ops give one by one, and leave alone what others still read.
func TestJoinedProducts(t *testing.T) {
	for _, row := range []struct {
		name   string
		joined string // a step of the Program
		graph  func(b *bench) []value
	}{
		{"a gradient and its Adam step", "MatMulOp Adam", func(b *bench) []value {
			x, dy := b.input(64, 300), b.input(64, 70)
			w, m, v := b.variable(300, 70), b.variable(300, 70), b.variable(300, 70)
			for i, x := range b.feeds.Variables[2].Float32s() {
				b.feeds.Variables[2].Float32s()[i] = x * x
			}
			step := b.input(1)
			g := ops.MatMulT(x, dy, true, false)
			mv := ops.Add(m, ops.MulScalar(ops.Sub(g, m), 0.1))
			vv := ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(g), v), 0.001))
			b.g.Assign(m, mv)
			b.g.Assign(v, vv)
			b.g.Assign(w, ops.Sub(w, ops.Div(ops.Mul(mv, ops.Reshape(step)), ops.AddScalar(ops.Sqrt(vv), 1e-3))))
			return nil
		}},
		{"a gradient and another optimizer", "MatMulOp Fused", func(b *bench) []value {
			x, dy := b.input(10, 900), b.input(10, 33)
			w, m := b.variable(900, 33), b.variable(900, 33)
			mv := ops.Sub(ops.MulScalar(m, 0.9), ops.MulScalar(ops.MatMulT(x, dy, true, false), 0.01))
			b.g.Assign(m, mv)
			b.g.Assign(w, ops.Add(w, mv))
			return nil
		}},
		{"bias, activation and another addend", "MatMulOp Fused", func(b *bench) []value {
			x, w, bias, other := b.input(700, 40), b.input(40, 130), b.input(130), b.input(700, 130)
			return []value{ops.Relu(ops.Add(ops.Add(ops.MatMul(x, w), bias), other))}
		}},
		{"a product that reads what the loop writes", "", func(b *bench) []value {
			w, a := b.variable(600, 20), b.input(20, 20)
			b.g.Assign(w, ops.Sub(w, ops.MulScalar(ops.MatMul(w, a), 0.1)))
			return nil
		}},
		{"a product with a second reader", "", func(b *bench) []value {
			p := ops.MatMul(b.input(500, 16), b.input(16, 80))
			return []value{ops.Relu(p), ops.Sum(p, []int{0}, false)}
		}},
		{"a wanted product", "", func(b *bench) []value {
			p := ops.MatMul(b.input(500, 16), b.input(16, 80))
			return []value{ops.Relu(p), p}
		}},
		{"two products in one loop", "", func(b *bench) []value {
			return []value{ops.Mul(ops.MatMul(b.input(500, 16), b.input(16, 80)), ops.MatMul(b.input(500, 9), b.input(9, 80)))}
		}},
		{"one column", "", func(b *bench) []value {
			return []value{ops.Tanh(ops.MatMul(b.input(5000, 16), b.input(16, 1)))}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := newBench()
			want := row.graph(b)
			b.check(t, 2e-4, want...)
			p, err := plan.Compile(b.g, want)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(p.String(), row.joined) {
				t.Errorf("no step %q in\n%s", row.joined, p)
			}
		})
	}
}
