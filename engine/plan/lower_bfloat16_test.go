package plan_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// Products of rounded matrices give what the ops give, up to the order of sums, on every instruction set; where they are fast, in pairs.
func TestBFloat16MatMul(t *testing.T) {
	for _, isa := range kernel.ISAs() {
		restore, err := kernel.Use(isa)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			name, step string
			graph      func(b *bench) []value
		}{
			{"one product", "bfloat16MatMulOp", func(b *bench) []value {
				return []value{ops.MatMul(ops.BFloat16(b.input(100, 150)), ops.BFloat16(b.input(150, 130)))}
			}},
			{"leading axes", "bfloat16MatMulOp", func(b *bench) []value {
				return []value{ops.MatMul(ops.Relu(ops.BFloat16(b.input(3, 70, 33))), ops.BFloat16(b.variable(33, 90)))}
			}},
			{"a layer and its gradients", "Pack BFloat16", func(b *bench) []value {
				x, w, bias := ops.BFloat16(b.input(128, 130)), b.variable(130, 150), b.variable(150)
				y := ops.BFloat16(ops.Relu(ops.Add(ops.MatMul(x, ops.BFloat16(w)), bias)))
				z := ops.BFloat16(ops.MatMul(y, ops.BFloat16(b.variable(150, 100))))
				return append([]value{y}, graph.Gradients(ops.Sum(ops.Square(z), nil, false), []value{w, bias})...)
			}},
			{"a sum of many products", "bfloat16MatMulOp", func(b *bench) []value {
				return []value{ops.MatMulT(ops.BFloat16(b.input(2100, 96)), ops.BFloat16(b.input(2100, 80)), true, false)}
			}},
			{"a gradient and its Adam step", "bfloat16MatMulOp Adam", func(b *bench) []value { return roundedAdam(b, 64, 300, 70) }},
			{"the same in tiles", "bfloat16MatMulOp Adam", func(b *bench) []value { return roundedAdam(b, 300, 150, 170) }},
		} {
			t.Run(isa+"/"+row.name, func(t *testing.T) {
				b := newBench()
				want := row.graph(b)
				b.check(t, 1e-2, want...) // an element half way between two rounded numbers may go either way
				p, err := plan.Compile(b.g, want)
				if err != nil {
					t.Fatal(err)
				}
				if s := p.String(); strings.Contains(s, row.step) != kernel.FastBFloat16() {
					t.Errorf("fast: %v, step %q in\n%s", kernel.FastBFloat16(), row.step, s)
				}
			})
		}
		restore()
	}
}

// Products that bfloat16 numbers would not be worth copying for, or whose operands are not all rounded, stay as they are.
func TestBFloat16MatMulDeclined(t *testing.T) {
	for _, isa := range kernel.ISAs() {
		restore, err := kernel.Use(isa)
		if err != nil {
			t.Fatal(err)
		}
		b := newBench()
		w := ops.BFloat16(b.variable(150, 130))
		want := []value{ops.MatMul(b.input(100, 150), w), ops.MatMul(ops.Tanh(ops.BFloat16(b.input(100, 150))), w), ops.MatMul(ops.BFloat16(b.input(20, 150)), w)}
		p, err := plan.Compile(b.g, want)
		if err != nil {
			t.Fatal(err)
		}
		if s := p.String(); strings.Contains(s, "bfloat16MatMulOp") {
			t.Errorf("%s: a product in pairs in\n%s", isa, s)
		}
		restore()
	}
}

// roundedAdam is adamOf with rounded operands and gradients, as under mixed_bfloat16.
func roundedAdam(b *bench, k, rows, cols int) []value {
	return adamFrom(b, rows, cols, ops.BFloat16(ops.MatMulT(ops.BFloat16(b.input(k, rows)), ops.BFloat16(b.input(k, cols)), true, false)))
}
