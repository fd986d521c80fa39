package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lstm returns the final carry and the outputs of an LSTM over x, (batch, steps,
// features), each gate with kernels of its own.
func lstm(b *bench, x value, units int, reverse bool, mask value) (carry, h value) {
	batch, features := x.Shape()[0], x.Shape()[2]
	var kernel, recurrent, bias []value
	for range 4 {
		kernel = append(kernel, b.variable(features, units))
		recurrent = append(recurrent, b.variable(units, units))
		bias = append(bias, b.variable(units))
	}
	zero := ops.Fill(b.g, graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{batch, units}}, 0)
	in := []value{x}
	if mask.OK() {
		in = append(in, mask)
	}
	final, stacked := ops.Scan([]value{zero, zero}, in, ops.ScanOptions{Axis: 1, Reverse: reverse}, func(s *ops.ScanStep) (next, out []value) {
		z := func(k int) value {
			return ops.Add(ops.Add(ops.MatMul(s.Inputs[0], s.Outer(kernel[k])), s.Outer(bias[k])), ops.MatMul(s.States[0], s.Outer(recurrent[k])))
		}
		c := ops.Add(ops.Mul(ops.Sigmoid(z(1)), s.States[1]), ops.Mul(ops.Sigmoid(z(0)), ops.Tanh(z(2))))
		h := ops.Mul(ops.Sigmoid(z(3)), ops.Tanh(c))
		if mask.OK() {
			h, c = ops.Where(s.Inputs[1], h, s.States[0]), ops.Where(s.Inputs[1], c, s.States[1])
		}
		return []value{h, c}, []value{h}
	})
	return final[1], stacked[0]
}

// withGradients adds the gradients of the sum of squares of all values.
func (b *bench) withGradients(wrt []value, values ...value) []value {
	var loss value
	for _, v := range values {
		s := ops.Sum(ops.Square(v), nil, false)
		if loss.OK() {
			s = ops.Add(loss, s)
		}
		loss = s
	}
	for _, d := range graph.Gradients(loss, wrt) {
		if d.OK() {
			values = append(values, d)
		}
	}
	return values
}

func TestScanLSTM(t *testing.T) {
	for _, c := range []struct {
		batch, steps, features, units int
		reverse, mask                 bool
	}{{1, 3, 2, 4, false, false}, {5, 4, 3, 2, true, true}, {8, 2, 3, 5, false, true}, {37, 5, 6, 16, true, false}, {128, 3, 4, 24, false, false}} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			b := newBench()
			x := b.input(c.batch, c.steps, c.features)
			var mask value
			if c.mask {
				mask = ops.Greater(b.input(c.batch, c.steps, 1), b.g.Scalar(tensor.Float32, 0))
			}
			carry, h := lstm(b, x, c.units, c.reverse, mask)
			wrt := []value{x}
			for i, v := range b.feeds.Variables {
				wrt = append(wrt, b.g.Variable(i, graph.Spec{DType: tensor.Float32, Shape: v.Shape()}))
			}
			b.check(t, 1e-5, b.withGradients(wrt, carry, h)...)
			p, err := plan.Compile(b.g, []value{carry, h})
			if err != nil {
				t.Fatal(err)
			}
			if s := p.String(); !strings.Contains(s, " ScanOp ") || strings.Contains(s, "ScanOp (eval)") {
				t.Errorf("the recurrence is not compiled:\n%s", s)
			}
			for _, phase := range p.Phases {
				for _, s := range phase {
					if s.Name == "ScanOp" && (s.Chunks > 1) != (c.batch > 8) {
						t.Errorf("%d chunks for %d samples", s.Chunks, c.batch)
					}
				}
			}
		})
	}
}

// Steps whose gates are one op, and whose matrices are read in panels when there are
// samples enough.
func TestScanGates(t *testing.T) {
	for _, batch := range []int{1, 7, 8, 37, 70} {
		for _, masked := range []bool{false, true} {
			t.Run(fmt.Sprint(batch, "/", masked), func(t *testing.T) {
				b := newBench()
				const steps, features, units = 5, 6, 19
				x, zero := b.input(batch, steps, features), b.input(batch, units)
				in := []value{x}
				if masked {
					in = append(in, ops.Greater(b.input(batch, steps, 1), b.g.Scalar(tensor.Float32, 0)))
				}
				var w []value
				for _, shape := range [][]int{{features, 4 * units}, {units, 4 * units}, {4 * units}, {units, 3 * units}, {units, 3 * units}, {3 * units}, {3 * units}} {
					w = append(w, b.variable(shape...))
				}
				final, stacked := ops.Scan([]value{zero, zero, zero}, in, ops.ScanOptions{Axis: 1}, func(s *ops.ScanStep) (next, out []value) {
					z := ops.Add(ops.MatMul(s.Inputs[0], s.Outer(w[0])), ops.MatMul(s.States[0], s.Outer(w[1])))
					h, c := ops.LSTMGates(z, s.Outer(w[2]), s.States[1])
					y := ops.GRUGates(ops.MatMul(h, s.Outer(w[3])), ops.MatMul(s.States[2], s.Outer(w[4])), s.Outer(w[5]), s.Outer(w[6]), s.States[2])
					next = []value{h, c, y}
					for i, v := range next {
						if masked {
							next[i] = ops.Where(s.Inputs[1], v, s.States[i])
						}
					}
					return next, []value{y}
				})
				b.check(t, 1e-5, b.withGradients(append(w, x, zero), append(final, stacked...)...)...)
				p, err := plan.Compile(b.g, []value{stacked[0]})
				if err != nil {
					t.Fatal(err)
				}
				if s := p.String(); strings.Contains(s, "(eval)") || strings.Contains(s, "Pack ") != (batch >= 8) {
					t.Errorf("%s", s)
				}
			})
		}
	}
}

// Steps of all sorts: those that can be cut by samples and those that cannot.
func TestScanSteps(t *testing.T) {
	type step func(s *ops.ScanStep, c []value) (next, out []value)
	for name, f := range map[string]step{
		"states change places": func(s *ops.ScanStep, c []value) (next, out []value) {
			return []value{s.States[1], s.States[0]}, []value{s.States[0], ops.Add(s.States[1], s.Inputs[0]), s.States[0]}
		},
		"constants by row": func(s *ops.ScanStep, c []value) (next, out []value) {
			h := ops.Tanh(ops.Add(ops.Mul(s.States[0], s.Outer(c[1])), ops.MatMul(s.States[1], s.Outer(c[0]))))
			return []value{h, ops.Add(s.Inputs[0], s.Outer(c[1]))}, []value{ops.Mul(h, s.Outer(c[1])), s.Outer(c[1])}
		},
		"samples mixed": func(s *ops.ScanStep, c []value) (next, out []value) {
			h := ops.Softmax(ops.Add(s.States[0], s.Inputs[0]), 0)
			return []value{h, ops.Tanh(ops.MulScalar(ops.MatMul(ops.MatMulT(s.States[1], s.Outer(c[1]), false, true), s.Inputs[0]), 0.05))}, []value{h}
		},
		"reductions and slices": func(s *ops.ScanStep, c []value) (next, out []value) {
			x := s.States[0]
			n, d := x.Shape()[0], x.Shape()[1]
			m := ops.Mean(x, []int{1}, true)
			y := ops.Concat(1, ops.Slice(ops.Sub(x, m), []int{0, 1}, []int{n, d - 1}), ops.Slice(s.Inputs[0], []int{0, 0}, []int{n, 1}))
			return []value{ops.Softmax(y, -1), ops.Add(ops.BroadcastTo(m, n, d), s.States[1])}, []value{ops.Reshape(y, n, 1, d)}
		},
		"constant and input as states": func(s *ops.ScanStep, c []value) (next, out []value) {
			return []value{s.Inputs[0], ops.Fill(s.Graph, s.States[1].Spec(), 3)}, []value{ops.Add(s.States[0], s.States[1])}
		},
		"a state that nothing needs": func(s *ops.ScanStep, c []value) (next, out []value) {
			return []value{ops.Add(s.States[0], s.States[1]), s.Inputs[0]}, []value{s.States[1]}
		},
		"random numbers": func(s *ops.ScanStep, c []value) (next, out []value) {
			u := ops.RandomUniform(s.Graph, s.States[0].Shape(), ops.Stream{ID: 7})
			return []value{ops.Mul(s.States[0], u), s.States[1]}, []value{ops.Add(s.States[0], s.Inputs[0])}
		},
	} {
		for _, axis := range []int{0, 1} {
			for _, batch := range []int{3, 20} {
				t.Run(fmt.Sprint(name, "/", axis, "/", batch), func(t *testing.T) {
					b := newBench()
					b.feeds.Inputs[ops.RNGInput] = tensor.From([]int64{1, 2})
					shape := []int{4, batch, 6}
					if axis == 1 {
						shape = []int{batch, 4, 6}
					}
					x, s0, s1, w, row := b.input(shape...), b.input(batch, 6), b.input(batch, 6), b.variable(6, 6), b.input(batch, 6)
					final, stacked := ops.Scan([]value{s0, s1}, []value{x}, ops.ScanOptions{Axis: axis, Reverse: batch == 20}, func(s *ops.ScanStep) (next, out []value) {
						return f(s, []value{w, row})
					})
					b.check(t, 1e-5, b.withGradients([]value{x, s0, s1, w, row}, append(final, stacked...)...)...)
					b.check(t, 1e-5, stacked[0]) // without what only the rest needs
				})
			}
		}
	}
}

// Integers are left to the interpreter; a scan may be in a scan; states may be
// numbers.
func TestScanOthers(t *testing.T) {
	b := newBench()
	table := b.variable(5, 3)
	ids := b.g.Constant(tensor.From([]int32{1, 4, 4, 0}, 4))
	zero := ops.Fill(b.g, graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{3}}, 0)
	final, _ := ops.Scan([]value{zero}, []value{ids}, ops.ScanOptions{}, func(s *ops.ScanStep) (next, out []value) {
		return []value{ops.Add(s.States[0], ops.Gather(s.Outer(table), s.Inputs[0]))}, nil
	})
	b.check(t, 1e-6, b.withGradients([]value{table}, final...)...)

	b = newBench()
	x, n := b.input(3, 4, 2), b.input()
	final, stacked := ops.Scan([]value{n}, []value{x}, ops.ScanOptions{}, func(s *ops.ScanStep) (next, out []value) {
		inner, _ := ops.Scan([]value{s.States[0]}, []value{s.Inputs[0]}, ops.ScanOptions{}, func(s *ops.ScanStep) (next, out []value) {
			return []value{ops.Tanh(ops.Add(ops.Mean(s.Inputs[0], nil, false), s.States[0]))}, nil
		})
		return inner, []value{ops.Square(inner[0])}
	})
	b.check(t, 1e-5, b.withGradients([]value{x, n}, append(final, stacked...)...)...)
}

func TestScanAllocatesNothing(t *testing.T) {
	b := newBench()
	x := b.input(20, 3, 4)
	carry, h := lstm(b, x, 5, false, value{})
	want := b.withGradients([]value{x, b.g.Variable(0, graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{4, 5}})}, carry, h)
	p, err := plan.Compile(b.g, want)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.NewFrame(clone(b.feeds.Variables), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetInput(0, b.feeds.Inputs["in0"]); err != nil {
		t.Fatal(err)
	}
	pool := run.NewPool(1)
	n := testing.AllocsPerRun(20, func() {
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("a run allocates %v times", n)
	}
}

func BenchmarkScan(b *testing.B) {
	for _, units := range []int{32, 128} {
		bb := newBench()
		x := bb.input(64, 28, 28)
		carry, h := lstm(bb, x, units, false, value{})
		wrt := []value{}
		for i, v := range bb.feeds.Variables {
			wrt = append(wrt, bb.g.Variable(i, graph.Spec{DType: tensor.Float32, Shape: v.Shape()}))
		}
		want := bb.withGradients(wrt, carry, h)
		p, err := plan.Compile(bb.g, want)
		if err != nil {
			b.Fatal(err)
		}
		f, err := p.NewFrame(bb.feeds.Variables, 2)
		if err != nil {
			b.Fatal(err)
		}
		if err := f.SetInput(0, bb.feeds.Inputs["in0"]); err != nil {
			b.Fatal(err)
		}
		pool := run.NewPool(2)
		defer pool.Close()
		b.Run(fmt.Sprint("units=", units), func(b *testing.B) {
			for b.Loop() {
				if err := pool.Run(f); err != nil {
					b.Fatal(err)
				}
			}
			var flops int64
			for _, phase := range p.Phases {
				for _, s := range phase {
					flops += s.FLOPs
				}
			}
			b.ReportMetric(float64(flops)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
