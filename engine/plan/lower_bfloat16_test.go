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

// Convolutions of rounded images, alone or in a block, and their gradients.
func TestBFloat16Conv(t *testing.T) {
	for _, isa := range kernel.ISAs() {
		restore, err := kernel.Use(isa)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			name string
			o    ops.ConvOptions
			h, k int
			pool bool
		}{
			{"strides", ops.ConvOptions{Strides: [2]int{2, 2}, Padding: "same"}, 13, 3, false},
			{"valid", ops.ConvOptions{}, 12, 5, true},
			{"same", ops.ConvOptions{Padding: "same"}, 11, 3, false}, // too small for Winograd's gradients of weights
			{"pointwise", ops.ConvOptions{}, 12, 1, false},
		} {
			t.Run(isa+"/"+row.name, func(t *testing.T) {
				b := newBench()
				x, w, bias := ops.BFloat16(b.input(3, row.h, row.h, 16)), b.variable(row.k, row.k, 16, 24), b.variable(24)
				y := ops.BFloat16(ops.Relu(ops.BFloat16(ops.Add(ops.Conv2D(x, ops.BFloat16(w), row.o), bias))))
				if row.pool {
					y = ops.MaxPool2D(y, ops.PoolOptions{Size: [2]int{2, 2}})
				}
				weight := b.input(y.Shape()...)
				loss := ops.Sum(ops.Mul(ops.BFloat16(y), ops.BFloat16(weight)), nil, false)
				b.check(t, 2e-2, append([]value{y}, graph.Gradients(loss, []value{x, w, bias})...)...) // rounded numbers may go either way
				g, fused := plan.Fuse(b.g, []value{y, loss})
				f := &bench{g: g, feeds: b.feeds}
				want := append(fused[:1:1], graph.Gradients(fused[1], []value{g.Variable(0, w.Spec()), g.Variable(1, bias.Spec())})...)
				f.check(t, 2e-2, want...)
				p, err := plan.Compile(g, want)
				if err != nil {
					t.Fatal(err)
				}
				if s := p.String(); !row.pool && strings.Contains(s, "(BFloat16)") != kernel.FastBFloat16() {
					t.Errorf("fast: %v, in\n%s", kernel.FastBFloat16(), s)
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
