package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ids adds an int32 input with numbers in [lo, hi).
func (b *bench) ids(lo, hi int, shape ...int) value {
	name := fmt.Sprint("in", len(b.feeds.Inputs))
	t := tensor.New(tensor.Int32, shape...)
	for i := range t.Int32s() {
		t.Int32s()[i] = int32(lo + (i*i*31+i*7)%(hi-lo))
	}
	b.feeds.Inputs[name] = t
	return b.g.Input(name, graph.Spec{DType: tensor.Int32, Shape: shape})
}

// mask adds an input of zeros and ones, some rows of which are all zeros.
func (b *bench) mask(shape ...int) value {
	v := b.input(shape...)
	t := b.feeds.Inputs[fmt.Sprint("in", len(b.feeds.Inputs)-1)]
	for i := range t.Float32s() {
		t.Float32s()[i] = float32((i*i/3 + i) % 2 * min(1, i/shape[len(shape)-1]%5))
	}
	return v
}

// TestLowered holds every lowering against its op's Eval, and checks that it is
// there: that no step runs an Eval.
func TestLowered(t *testing.T) {
	along := func(f func(x value, axis int) value, shape ...int) func(b *bench) []value {
		return func(b *bench) []value {
			x := b.input(shape...)
			var ys []value
			for i := range shape {
				ys = append(ys, f(x, i))
			}
			return ys
		}
	}
	reversed := func(x value, axis int) value { return graph.Apply1(ops.CumSumOp{Axis: axis, Reverse: true}, x) }
	cases := map[string]func(b *bench) []value{
		"transpose": func(b *bench) []value {
			x, y := b.input(5, 70, 3, 9), b.input(300, 120)
			return []value{
				ops.Transpose(x), ops.Transpose(x, 0, 2, 1, 3), ops.Transpose(x, 0, 3, 1, 2), ops.Transpose(x, 1, 0, 2, 3),
				ops.Transpose(x, 3, 1, 2, 0), ops.Transpose(y), ops.Transpose(b.ids(0, 9, 30, 20)),
			}
		},
		"slice": func(b *bench) []value {
			x := b.input(6, 50, 11)
			return []value{
				ops.Slice(x, []int{1, 3, 0}, []int{4, 40, 11}), ops.Slice(x, []int{1, 0, 0}, []int{4, 50, 11}),
				ops.SliceStep(x, []int{0, 1, 2}, []int{3, 20, 4}, []int{2, 2, 2}), ops.Slice(b.ids(0, 9, 30, 20), []int{3, 0}, []int{9, 20}),
				ops.Slice(b.input(100_000), []int{7}, []int{99_000}),
			}
		},
		"flip": func(b *bench) []value {
			x := b.input(6, 50, 11)
			return []value{ops.Flip(x, 0), ops.Flip(x, 1), ops.Flip(x, 2), ops.Flip(x), ops.Flip(x, 0, 2)}
		},
		"pad": func(b *bench) []value {
			x := b.input(6, 50, 11)
			d := graph.Gradients(ops.Sum(ops.Square(ops.SliceStep(x, []int{0, 1, 2}, []int{3, 20, 4}, []int{2, 2, 2})), nil, false), []value{x})
			return []value{ops.Pad(x, [][2]int{{1, 0}, {0, 2}, {3, 3}}, -1.5), d[0], ops.Pad(b.ids(0, 9, 5, 5), [][2]int{{1, 1}, {0, 2}}, 7)}
		},
		"concat": func(b *bench) []value {
			x, y := b.input(6, 50, 11), b.input(6, 50, 11)
			return []value{ops.Concat(0, x, y), ops.Concat(1, x, y, x), ops.Concat(2, y, x), ops.Stack(1, x, y), ops.Stack(3, x, y)}
		},
		"broadcast": func(b *bench) []value {
			x := b.input(5, 1, 7)
			return []value{
				ops.BroadcastTo(x, 4, 5, 6, 7), ops.Repeat(x, 3, 0), ops.Repeat(x, 3, 2), ops.BroadcastTo(b.ids(0, 9, 5, 1), 3, 5, 8),
				ops.Mul(b.input(5, 6, 1, 7), b.input(1, 6, 40, 1)), ops.Add(x, b.input(3, 1, 9, 1)),
			}
		},
		"softmax":     along(ops.Softmax, 4, 9, 300),
		"log softmax": along(ops.LogSoftmax, 4, 9, 300),
		"argmax":      along(ops.ArgMax, 4, 9, 300),
		"cumsum":      along(ops.CumSum, 4, 9, 300),
		"cumsum back": along(reversed, 4, 9, 300),
		"sort": func(b *bench) []value {
			x := b.input(5, 7, 600)
			top, places := ops.TopK(x, 9)
			short, at := ops.TopK(b.input(70, 30), 30)
			d := graph.Gradients(ops.Sum(ops.Square(top), nil, false), []value{x})
			return []value{ops.Sort(x, -1), top, places, short, at, d[0]}
		},
		"gather": func(b *bench) []value {
			table, ids := b.input(500, 24), b.ids(-500, 500, 40, 17)
			y := ops.Gather(table, ids)
			d := graph.Gradients(ops.Sum(ops.Square(y), nil, false), []value{table})
			return []value{y, d[0], ops.Gather(b.input(30), ids2(b)), ops.Gather(b.input(9, 300), ids2(b))}
		},
		"one hot": func(b *bench) []value { return []value{ops.OneHot(b.ids(-3, 20, 40, 17), 15, tensor.Float32)} },
		"take along": func(b *bench) []value {
			x := b.input(6, 50, 11)
			y := ops.TakeAlong(x, b.ids(-50, 50, 6, 8, 11), 1)
			z := ops.TakeAlong(x, b.ids(0, 11, 6, 50, 1), 2)
			d := graph.Gradients(ops.Add(ops.Sum(ops.Square(y), nil, false), ops.Sum(ops.Square(z), nil, false)), []value{x})
			return []value{y, z, d[0]}
		},
		"cast": func(b *bench) []value {
			x, i := ops.MulScalar(b.input(300, 70), 10), b.ids(-9, 9, 300, 70)
			return []value{
				ops.Cast(x, tensor.Int32), ops.Cast(x, tensor.Float64), ops.Cast(i, tensor.Float32), ops.Cast(i, tensor.Int64),
				ops.Cast(ops.Cast(ops.Abs(x), tensor.Uint8), tensor.Float32), ops.Cast(ops.Cast(i, tensor.Int64), tensor.Float64),
			}
		},
		"resize": func(b *bench) []value {
			x := b.input(3, 5, 7, 4)
			y, z := ops.ResizeBilinear(x, 11, 4), ops.ResizeBilinear(x, 10, 14)
			d := graph.Gradients(ops.Add(ops.Sum(ops.Square(y), nil, false), ops.Sum(ops.Square(z), nil, false)), []value{x})
			return []value{y, z, d[0]}
		},
		"samples": func(b *bench) []value {
			x, t := b.input(5, 4, 6, 2), b.input(5, 8)
			y := ops.AffineTransform(x, t, ops.AffineOptions{FillMode: "reflect"})
			z := ops.MapCoordinatesEach(x, b.input(5, 2, 9), ops.MapOptions{FillMode: "wrap"})
			d := graph.Gradients(ops.Add(ops.Sum(ops.Square(y), nil, false), ops.Sum(ops.Square(z), nil, false)), []value{x})
			return []value{y, z, d[0]}
		},
		"random": func(b *bench) []value {
			b.feeds.Inputs[ops.RNGInput] = tensor.From([]int64{42, 7}, 2)
			return []value{
				ops.RandomNormal(b.g, []int{10_001}, ops.Stream{ID: 5}), ops.RandomUniform(b.g, []int{10_001}, ops.Stream{ID: 6, Seed: 9, Fixed: true}),
			}
		},
		"numbers": func(b *bench) []value {
			i, j := b.ids(-5, 5, 40, 17), b.ids(-5, 5, 17)
			d, e := ops.Cast(b.input(40, 17), tensor.Float64), ops.Cast(b.input(40, 1), tensor.Float64)
			l := ops.Cast(i, tensor.Int64)
			return []value{
				ops.Equal(i, j), ops.Add(i, j), ops.Mul(j, i), ops.Neg(i), ops.Clip(i, -2, 2), ops.Not(i), ops.Cast(ops.Add(d, e), tensor.Float32),
				ops.Cast(ops.Exp(ops.Sub(e, d)), tensor.Float32), ops.Less(l, l), ops.Cast(ops.Maximum(l, ops.Cast(j, tensor.Int64)), tensor.Int32),
			}
		},
		"sine": func(b *bench) []value { return []value{ops.Sin(b.input(300, 70)), ops.Cos(b.input(9))} },
		"layer norm": func(b *bench) []value {
			var ys []value
			for _, l := range [][]int{{3, 5, 7}, {700, 128}, {2, 3, 20_000}, {1, 1}, {1000, 9}} {
				x, gamma, beta := b.input(l...), b.input(l[1:]...), b.input(l[1:]...)
				y, z := ops.LayerNorm(x, gamma, beta, 1e-3), ops.RMSNorm(x, gamma, 1e-3)
				dy := graph.Gradients(ops.Sum(ops.Tanh(y), nil, false), []value{x, gamma, beta})
				dz := graph.Gradients(ops.Sum(ops.Tanh(z), nil, false), []value{x, gamma})
				ys = append(append(append(ys, y, z), dy...), dz...)
			}
			return ys
		},
		"gates": func(b *bench) []value {
			var ys []value
			for _, l := range [][2]int{{1, 1}, {3, 7}, {5, 16}, {700, 64}, {2, 5000}} {
				n, u := l[0], l[1]
				z, bias, c := b.input(n, 4*u), b.input(4*u), b.input(n, u)
				h, next := ops.LSTMGates(z, bias, c)
				x, p, biasX, biasH := b.input(n, 3*u), b.input(n, 3*u), b.input(3*u), b.input(3*u)
				y := ops.GRUGates(x, p, biasX, biasH, c)
				ys = append(ys, h, next, y)
				ys = append(ys, graph.Gradients(ops.Sum(ops.Tanh(ops.Add(h, next)), nil, false), []value{z, bias, c})...)
				ys = append(ys, graph.Gradients(ops.Sum(ops.Square(y), nil, false), []value{x, p, biasX, biasH, c})...)
			}
			z, bias, c := b.input(9, 8), b.input(8), b.input(9, 2) // outputs alone
			h, next := ops.LSTMGates(z, bias, c)
			return append(ys, h, next)
		},
		"attention": func(b *bench) []value {
			b.feeds.Inputs[ops.RNGInput] = tensor.From([]int64{42, 7}, 2)
			var ys []value
			for i, l := range [][7]int{{2, 7, 9, 3, 3, 5, 4}, {1, 33, 17, 4, 2, 8, 8}, {2, 300, 301, 1, 1, 3, 2}, {3, 1, 1, 1, 1, 1, 1}, {2, 12, 12, 6, 1, 4, 9}, {40, 3, 2, 2, 1, 3, 3}} {
				q, k, v := b.input(l[0], l[1], l[3], l[5]), b.input(l[0], l[2], l[4], l[5]), b.input(l[0], l[2], l[4], l[6])
				masks := []value{{}, b.mask(l[0], 1, l[1], l[2]), b.mask(l[3], l[1], 1), b.mask(l[0], 1, 1, l[2])}
				for j, mask := range masks {
					o := ops.AttentionOptions{Scale: 0.4, Causal: i%2 != j%2, ZeroMasked: j%2 == 0}
					if (i+j)%3 == 0 {
						o.Dropout, o.Stream = 0.4, ops.Stream{ID: uint64(i)}
					}
					y := ops.DotProductAttention(q, k, v, mask, o)
					ys = append(append(ys, y), graph.Gradients(ops.Sum(ops.Square(y), nil, false), []value{q, k, v})...)
				}
			}
			return ys
		},
		"matmul lanes": func(b *bench) []value {
			x, y := b.input(1030, 300), b.input(1030, 131)
			return []value{ops.MatMulT(x, y, true, false), ops.MatMulT(y, x, true, false), ops.MatMul(b.input(1, 2053), b.input(2053, 7)), ops.MatMulT(b.input(9, 1500), b.input(70, 1500), false, true)}
		},
		"matmul stacks": func(b *bench) []value {
			x, w := b.input(3, 1, 9, 17), b.input(4, 17, 5)
			big, one := b.input(2, 200, 70), b.input(1, 70, 90)
			return []value{
				ops.MatMul(x, w), ops.MatMulT(b.input(6, 17, 9), b.input(17, 8), true, false), ops.MatMulT(b.input(6, 17, 9), b.input(8, 17), true, true),
				ops.MatMul(big, one), ops.MatMulT(big, b.input(2, 300, 70), false, true), ops.MatMulT(big, b.input(2, 200, 30), true, false),
				ops.MatMul(b.input(500, 2, 3), b.input(500, 3, 4)), ops.MatMul(b.input(2, 1, 3, 4), b.input(5, 4, 6)),
			}
		},
	}
	for name, build := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			want := build(b)
			b.check(t, 2e-6, want...)
			p, err := plan.Compile(b.g, want)
			if err != nil {
				t.Fatal(err)
			}
			if s := p.String(); strings.Contains(s, "(eval)") {
				t.Errorf("something is not lowered:\n%s", s)
			}
		})
	}
}

// TestHollow: sums over nothing are 0, and gradients of an empty batch are zeros.
func TestHollow(t *testing.T) {
	b := newBench()
	x, w := b.input(0, 6, 6, 2), b.variable(3, 3, 2, 4)
	y := ops.MaxPool2D(ops.Relu(ops.Conv2D(x, w, ops.ConvOptions{})), ops.PoolOptions{Size: [2]int{2, 2}})
	d := graph.Gradients(ops.Sum(y, nil, false), []value{w})
	z, u := b.input(0, 5), b.variable(5, 3)
	e := graph.Gradients(ops.Sum(ops.Square(ops.MatMul(z, u)), nil, false), []value{u})
	b.check(t, 0, d[0], e[0], ops.Sum(y, nil, false), ops.MatMul(b.input(4, 0), b.input(0, 3)),
		ops.Pad(z, [][2]int{{2, 0}, {0, 0}}, 1), ops.Concat(0, z, b.input(2, 5)))
}

func ids2(b *bench) value { return b.ids(0, 9, 50) }
