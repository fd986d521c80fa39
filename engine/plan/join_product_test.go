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
		{"a gradient and its Adam step", "MatMulOp Adam", func(b *bench) []value { return adamOf(b, 64, 300, 70) }},
		{"the same in tiles", "MatMulOp Adam", func(b *bench) []value { return adamOf(b, 300, 150, 170) }},
		{"a rounded gradient", "MatMulOp Adam", func(b *bench) []value {
			return adamFrom(b, 300, 70, ops.BFloat16(ops.MatMulT(b.input(64, 300), b.input(64, 70), true, false)))
		}},
		{"a rounded gradient of something else", "Adam", func(b *bench) []value { return adamFrom(b, 300, 70, ops.BFloat16(b.input(300, 70))) }},
		{"a gradient and another optimizer", "MatMulOp Fused", func(b *bench) []value {
			x, dy := b.input(10, 900), b.input(10, 33)
			w, m := b.variable(900, 33), b.variable(900, 33)
			mv := ops.Sub(ops.MulScalar(m, 0.9), ops.MulScalar(ops.MatMulT(x, dy, true, false), 0.01))
			b.g.Assign(m, mv)
			b.g.Assign(w, ops.Add(w, mv))
			return nil
		}},
		{"bias, activation and another addend", "MatMulOp Bias Fused Add Relu", func(b *bench) []value {
			x, w, bias, other := b.input(700, 40), b.input(40, 130), b.input(130), b.input(700, 130)
			return []value{ops.Relu(ops.Add(ops.Add(ops.MatMul(x, w), bias), other))}
		}},
		{"the same in tiles", "MatMulOp Bias Fused Add Relu", func(b *bench) []value {
			x, w, bias, other := b.input(4, 25, 300), b.input(300, 200), b.input(200), b.input(4, 25, 200)
			return []value{ops.Relu(ops.Add(ops.Add(ops.MatMul(x, w), bias), other))}
		}},
		{"a bias alone", "MatMulOp Bias ", func(b *bench) []value {
			return []value{ops.Add(b.input(130), ops.MatMul(b.input(700, 40), b.input(40, 130)))}
		}},
		{"a bias alone, in tiles, of other axes", "MatMulOp Bias ", func(b *bench) []value {
			return []value{ops.Add(ops.Reshape(ops.MatMul(b.input(100, 300), b.input(300, 200)), 4, 25, 2, 100), b.input(2, 100))}
		}},
		{"a biased product that is wanted, too", "MatMulOp Bias Fused", func(b *bench) []value {
			y := ops.Add(ops.MatMul(b.input(700, 40), b.input(40, 130)), b.input(130))
			return []value{ops.Tanh(y), ops.Sum(y, []int{0}, false)}
		}},
		{"the same in tiles, with an input that is zero for the most part", "MatMulOp Bias Fused", func(b *bench) []value {
			x := b.input(100, 300)
			y := ops.Add(ops.MatMul(x, b.input(300, 192)), b.input(192))
			zeros := b.feeds.Inputs["in0"].Float32s()
			for i := range zeros {
				if i%7 > 0 {
					zeros[i] = 0
				}
			}
			return []value{ops.Tanh(y), ops.Sum(y, []int{0}, false)}
		}},
		{"a bias that is computed in the same loop", "MatMulOp Fused", func(b *bench) []value {
			y := ops.MatMul(b.input(1, 300), b.input(300, 200))
			return []value{ops.Add(y, ops.Exp(b.input(1, 200)))}
		}},
		{"a sum that is assigned", "MatMulOp Fused", func(b *bench) []value {
			y := ops.Add(ops.MatMul(b.input(100, 300), b.input(300, 200)), b.input(200))
			b.g.Assign(b.variable(100, 200), y)
			return []value{ops.Tanh(y)}
		}},
		{"every kind of operand, in tiles", "MatMulOp Fused", func(b *bench) []value {
			x, w := b.input(90, 250), b.input(250, 1100)
			column, number, whole := b.input(90, 1), b.input(1), b.input(90, 1100)
			y := ops.Mul(ops.Add(ops.MatMul(x, w), column), number)
			return []value{ops.Where(ops.Greater(y, whole), y, ops.Tanh(whole)), ops.Exp(ops.MulScalar(y, 0.01))}
		}},
		{"a gradient through relu", "MatMulOp", func(b *bench) []value {
			dy, w, h := b.input(128, 260), b.input(150, 260), b.input(128, 150)
			return []value{ops.Where(ops.Greater(h, ops.Scalar(h, 0)), ops.MatMulT(dy, w, false, true), ops.Scalar(h, 0))}
		}},
		{"in place, in tiles", "MatMulOp Fused", func(b *bench) []value {
			w, m := b.variable(100, 200), b.variable(100, 200)
			mv := ops.Sub(ops.MulScalar(m, 0.9), ops.MulScalar(ops.MatMul(b.input(100, 300), b.input(300, 200)), 0.01))
			b.g.Assign(m, mv)
			b.g.Assign(w, ops.Add(w, mv))
			return nil
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

// adamOf adds the gradient of a (rows, cols) matrix from k samples, and its Adam step.
func adamOf(b *bench, k, rows, cols int) []value {
	return adamFrom(b, rows, cols, ops.MatMulT(b.input(k, rows), b.input(k, cols), true, false))
}

// adamFrom adds the Adam step of a (rows, cols) matrix with the given gradient.
func adamFrom(b *bench, rows, cols int, g value) []value {
	w, m, v := b.variable(rows, cols), b.variable(rows, cols), b.variable(rows, cols)
	for i, x := range b.feeds.Variables[2].Float32s() {
		b.feeds.Variables[2].Float32s()[i] = x * x
	}
	alpha := ops.Reshape(b.input(1))
	mv := ops.Add(m, ops.MulScalar(ops.Sub(g, m), 0.1))
	vv := ops.Add(v, ops.MulScalar(ops.Sub(ops.Square(g), v), 0.001))
	b.g.Assign(m, mv)
	b.g.Assign(v, vv)
	b.g.Assign(w, ops.Sub(w, ops.Div(ops.Mul(mv, alpha), ops.AddScalar(ops.Sqrt(vv), 1e-3))))
	return nil
}
