package ops_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

type values = []graph.Value

// stepFunc is a step without Outer: what is constant comes as an argument.
type stepFunc func(states, inputs, constants values) (next, outputs values)

// scanned applies Scan; looped does the same with a node for every step.
func scanned(f stepFunc, initial, sequences, constants values, o ops.ScanOptions) (final, stacked values) {
	return ops.Scan(initial, sequences, o, func(s *ops.ScanStep) (values, values) {
		var c values
		for _, v := range constants {
			c = append(c, s.Outer(v))
		}
		return f(s.States, s.Inputs, c)
	})
}

func looped(f stepFunc, initial, sequences, constants values, o ops.ScanOptions) (final, stacked values) {
	n := sequences[0].Shape()[o.Axis]
	var outs []values
	states := initial
	for i := range n {
		if o.Reverse {
			i = n - 1 - i
		}
		var in values
		for _, q := range sequences {
			starts, sizes := make([]int, len(q.Shape())), q.Shape().Clone()
			starts[o.Axis], sizes[o.Axis] = i, 1
			in = append(in, ops.Squeeze(ops.Slice(q, starts, sizes), o.Axis))
		}
		next, y := f(states, in, constants)
		states = next
		if outs == nil {
			outs = make([]values, len(y))
		}
		for k, v := range y {
			if o.Reverse {
				outs[k] = append(values{v}, outs[k]...)
			} else {
				outs[k] = append(outs[k], v)
			}
		}
	}
	for _, list := range outs {
		stacked = append(stacked, ops.Stack(o.Axis, list...))
	}
	return states, stacked
}

// lstmStep is an LSTM's: constants are kernel, recurrent kernel and bias.
func lstmStep(states, in, c values) (next, out values) {
	z := ops.Add(ops.Add(ops.MatMul(in[0], c[0]), c[2]), ops.MatMul(states[0], c[1]))
	u := states[0].Shape().Last()
	gate := func(i int) graph.Value { return ops.Slice(z, []int{0, i * u}, []int{z.Shape()[0], u}) }
	carry := ops.Add(ops.Mul(ops.Sigmoid(gate(1)), states[1]), ops.Mul(ops.Sigmoid(gate(0)), ops.Tanh(gate(2))))
	h := ops.Mul(ops.Sigmoid(gate(3)), ops.Tanh(carry))
	return values{h, carry}, values{h}
}

// lstm is a function of sequence, two states, kernel, recurrent kernel and bias,
// as gradients are checked of.
func lstm(o ops.ScanOptions) func(x []graph.Value) graph.Value {
	return func(x []graph.Value) graph.Value {
		final, stacked := scanned(lstmStep, x[1:3], x[:1], x[3:], o)
		return ops.Concat(0, ops.Reshape(stacked[0], -1), ops.Reshape(final[1], -1))
	}
}

func lstmInputs(axis int) []*tensor.Tensor {
	x := filled(4, 2, 3)
	if axis == 1 {
		x = filled(2, 4, 3)
	}
	return []*tensor.Tensor{x, filled(2, 2), filled(2, 2), filled(3, 8), filled(2, 8), filled(8)}
}

// scanCases are steps that exercise one thing each. Their functions get initial
// states, sequences and constants from in, in this order.
var scanCases = []struct {
	name               string
	step               stepFunc
	states, inputs     int
	in0, in1           []*tensor.Tensor // for axis 0 and 1
	finalOnly, outOnly bool
}{
	{name: "lstm", step: lstmStep, states: 2, inputs: 1,
		in0: []*tensor.Tensor{filled(2, 2), filled(2, 2), filled(4, 2, 3), filled(3, 8), filled(2, 8), filled(8)},
		in1: []*tensor.Tensor{filled(2, 2), filled(2, 2), filled(2, 4, 3), filled(3, 8), filled(2, 8), filled(8)}},
	{name: "final states only", finalOnly: true, step: lstmStep, states: 2, inputs: 1,
		in0: []*tensor.Tensor{filled(2, 2), filled(2, 2), filled(4, 2, 3), filled(3, 8), filled(2, 8), filled(8)}},
	{name: "outputs only", outOnly: true, step: lstmStep, states: 2, inputs: 1,
		in1: []*tensor.Tensor{filled(2, 2), filled(2, 2), filled(2, 4, 3), filled(3, 8), filled(2, 8), filled(8)}},
	{name: "transposed, hoisted and elementwise constants", states: 1, inputs: 2,
		in0: []*tensor.Tensor{filled(2, 3), filled(5, 2, 4), filled(5, 2, 3), filled(3, 4), filled(3, 3), filled(2, 3), filled(1)},
		in1: []*tensor.Tensor{filled(2, 3), filled(2, 5, 4), filled(2, 5, 3), filled(3, 4), filled(3, 3), filled(2, 3), filled(1)},
		step: func(s, in, c values) (values, values) {
			x := ops.Add(ops.Tanh(ops.MatMulT(ops.Square(in[0]), ops.Exp(c[0]), false, true)), ops.Mul(in[1], c[2]))
			h := ops.Tanh(ops.Add(ops.MatMulT(ops.Mul(s[0], c[2]), c[1], false, true), ops.Add(x, c[3])))
			return values{h}, values{ops.Add(h, s[0]), x, h, ops.Mul(c[3], c[3])}
		}},
	{name: "constant used twice", states: 1, inputs: 1,
		in1: []*tensor.Tensor{filled(2, 3), filled(2, 5, 3), filled(3, 3)},
		step: func(s, in, c values) (values, values) {
			h := ops.Tanh(ops.MatMul(ops.Tanh(ops.Add(ops.MatMul(s[0], c[0]), in[0])), c[0]))
			return values{h}, values{h}
		}},
	{name: "vectors", states: 1, inputs: 1,
		in0: []*tensor.Tensor{filled(), filled(6)}, in1: []*tensor.Tensor{filled(2), filled(2, 6)},
		step: func(s, in, c values) (values, values) {
			h := ops.Add(ops.MulScalar(s[0], 0.5), ops.Mul(in[0], s[0]))
			return values{h}, values{h}
		}},
	{name: "state that is passed on, state from the input", states: 3, inputs: 1,
		in0: []*tensor.Tensor{filled(2), filled(2), filled(2), filled(4, 2)},
		step: func(s, in, c values) (values, values) {
			return values{s[0], in[0], ops.Add(s[1], s[2])}, values{ops.Mul(s[1], s[0]), ops.Sub(s[2], s[1])}
		}},
	{name: "where", states: 1, inputs: 2,
		in1: []*tensor.Tensor{filled(2, 3), filled(2, 5, 3), tensor.From([]float64{1, 0, 1, 1, 0, 0, 1, 0, 0, 1}, 2, 5, 1)},
		step: func(s, in, c values) (values, values) {
			h := ops.Where(in[1], ops.Tanh(ops.Add(s[0], in[0])), s[0])
			return values{h}, values{h}
		}},
	{name: "gates of lstm", states: 2, inputs: 2,
		in1: []*tensor.Tensor{filled(2, 2), filled(2, 2), filled(2, 4, 3), tensor.From([]float64{1, 0, 1, 1, 0, 1, 1, 0}, 2, 4, 1), filled(3, 8), filled(2, 8), filled(8)},
		step: func(s, in, c values) (values, values) {
			h, next := ops.LSTMGates(ops.Add(ops.MatMul(in[0], c[0]), ops.MatMul(s[0], c[1])), c[2], s[1])
			return values{ops.Where(in[1], h, s[0]), ops.Where(in[1], next, s[1])}, values{ops.Mul(h, next)}
		}},
	{name: "gates of gru", states: 1, inputs: 1,
		in0: []*tensor.Tensor{filled(2, 2), filled(4, 2, 3), filled(3, 6), filled(2, 6), filled(6), filled(6)},
		in1: []*tensor.Tensor{filled(2, 2), filled(2, 4, 3), filled(3, 6), filled(2, 6), filled(6), filled(6)},
		step: func(s, in, c values) (values, values) {
			h := ops.GRUGates(ops.MatMul(in[0], c[0]), ops.MatMul(s[0], c[1]), c[2], c[3], s[0])
			return values{h}, values{h}
		}},
	{name: "sums", states: 2, inputs: 1, // so many samples that steps add up the gradients of constants
		in1: []*tensor.Tensor{filled(48, 2), filled(48, 2), filled(48, 3, 3), filled(3, 8), filled(2, 8), filled(8), filled(2)},
		step: func(s, in, c values) (values, values) {
			h, next := ops.LSTMGates(ops.Add(ops.MatMul(ops.Tanh(in[0]), c[0]), ops.MatMul(s[0], c[1])), c[2], s[1])
			return values{ops.Mul(h, c[3]), next}, values{ops.MatMul(h, c[1])}
		}},
	{name: "scan in a scan", states: 1, inputs: 1,
		in0: []*tensor.Tensor{filled(2, 3), filled(3, 4, 2, 3), filled(3, 3)},
		step: func(s, in, c values) (values, values) {
			final, stacked := scanned(func(s, in, c values) (values, values) {
				h := ops.Tanh(ops.Add(ops.MatMul(s[0], c[0]), in[0]))
				return values{h}, values{ops.Square(h)}
			}, s, in, c, ops.ScanOptions{})
			return final, values{ops.Sum(stacked[0], []int{0}, false)}
		}},
}

func TestScan(t *testing.T) {
	for _, c := range scanCases {
		for _, o := range []ops.ScanOptions{{}, {Axis: 1}, {Reverse: true}, {Axis: 1, Reverse: true}} {
			in := c.in0
			if o.Axis == 1 {
				in = c.in1
			}
			if in == nil {
				continue
			}
			t.Run(fmt.Sprintf("%s/%+v", c.name, o), func(t *testing.T) {
				call := func(scan func(stepFunc, values, values, values, ops.ScanOptions) (values, values)) func(x []graph.Value) graph.Value {
					return func(x []graph.Value) graph.Value {
						final, stacked := scan(c.step, x[:c.states], x[c.states:][:c.inputs], x[c.states+c.inputs:], o)
						var flat values
						for _, v := range final {
							if !c.outOnly {
								flat = append(flat, ops.Reshape(v, -1))
							}
						}
						for _, v := range stacked {
							if !c.finalOnly {
								flat = append(flat, ops.Reshape(v, -1))
							}
						}
						return ops.Concat(0, flat...)
					}
				}
				if n := checkGradient(t, call(scanned), in); n < 4 {
					t.Errorf("only %d elements compared", n)
				}
				got, want := withGradients(t, call(scanned), in), withGradients(t, call(looped), in)
				if d := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 1e-13)); d != "" {
					t.Errorf("against a node for every step (-loop +scan)\n%s", d)
				}
			})
		}
	}
}

// withGradients returns f(in) and the gradients of a weighted sum of its elements.
func withGradients(t *testing.T, f func([]graph.Value) graph.Value, in []*tensor.Tensor) [][]float64 {
	t.Helper()
	g := graph.New()
	vs, feeds := feed(g, in)
	y := f(vs)
	w := tensor.New(tensor.Float64, y.Shape()...)
	for i := range w.Size() {
		w.SetFloat64At(i, math.Sin(float64(i)))
	}
	want := append(values{y}, graph.Gradients(ops.Sum(ops.Mul(y, g.Constant(w)), nil, false), vs)...)
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	var out [][]float64
	for _, v := range want {
		if !v.OK() {
			out = append(out, nil)
			continue
		}
		out = append(out, run(t, g, values{v}, feeds)[0].Float64s())
	}
	return out
}

// A projection of the inputs and what is constant leave the step.
func TestScanHoists(t *testing.T) {
	g := graph.New()
	vs, _ := feed(g, lstmInputs(1))
	lstm(ops.ScanOptions{Axis: 1})(vs)
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	outside := 0
	for _, n := range g.Nodes {
		switch op := n.Op.(type) {
		case ops.MatMulOp:
			outside++
		case ops.ScanOp:
			inside := 0
			for _, n := range op.Body.Graph.Nodes {
				if _, ok := n.Op.(ops.MatMulOp); ok {
					inside++
				}
			}
			if inside != 1 || len(op.Body.Constants) != 2 || len(op.Body.Steps) != 1 { // constants: recurrent kernel and bias
				t.Errorf("the step has %d products, %d constants and %d inputs; want 1, 2 and 1", inside, len(op.Body.Constants), len(op.Body.Steps))
			}
		}
	}
	if outside != 1 {
		t.Errorf("%d products outside the step", outside)
	}
}

// Integers and random numbers in a step.
func TestScanOtherTypes(t *testing.T) {
	g := graph.New()
	table := g.Input("table", graph.Spec{DType: tensor.Float64, Shape: tensor.Shape{3, 2}})
	ids := g.Constant(tensor.From([]int32{2, 0, 2, 1}, 4))
	count := g.Constant(tensor.From([]int32{5}, 1))
	h := g.Constant(tensor.New(tensor.Float64, 2))
	final, stacked := ops.Scan(values{count, h}, values{ids}, ops.ScanOptions{}, func(s *ops.ScanStep) (values, values) {
		row := ops.Gather(s.Outer(table), s.Inputs[0])
		u := ops.Cast(ops.RandomUniform(s.Graph, []int{1}, ops.Stream{ID: 3}), tensor.Float64)
		return values{ops.AddScalar(s.States[0], 1), ops.Add(s.States[1], ops.Mul(row, row))}, values{ops.Mul(row, s.States[1]), ops.Add(u, ops.MulScalar(ops.Slice(s.States[1], []int{0}, []int{1}), 0))}
	})
	d := graph.Gradients(ops.Sum(final[1], nil, false), values{table})[0]
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{"table": tensor.From([]float64{1, 2, 3, 4, 5, 6}, 3, 2), ops.RNGInput: tensor.From([]int64{1, 2})}}
	out := run(t, g, values{final[0], final[1], d, stacked[1]}, feeds)
	if got := out[0].Int32s()[0]; got != 9 {
		t.Errorf("counted to %d", got)
	}
	if d := cmp.Diff([]float64{1 + 9 + 25 + 25, 4 + 16 + 36 + 36}, out[1].Float64s()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{2, 4, 6, 8, 20, 24}, out[2].Float64s()); d != "" {
		t.Error(d)
	}
	if u := out[3].Float64s(); u[0] <= 0 || u[0] >= 1 || u[0] != u[3] {
		t.Errorf("random numbers %v: want one, the same at every step", u)
	}
}

func TestScanErrors(t *testing.T) {
	for _, tt := range []struct {
		want string
		call func(x, h graph.Value)
	}{
		{"Scan: state 0 is float64 (2, 3) before a step and float64 (2, 4) after it", func(x, h graph.Value) {
			ops.Scan(values{h}, values{x}, ops.ScanOptions{Axis: 1}, func(s *ops.ScanStep) (values, values) { return s.Inputs, nil })
		}},
		{"Scan: the step returns 2 states of 1", func(x, h graph.Value) {
			ops.Scan(values{h}, values{x}, ops.ScanOptions{Axis: 1}, func(s *ops.ScanStep) (values, values) { return values{s.States[0], s.States[0]}, nil })
		}},
		{"Scan: sequences (2, 5, 4) and (2, 3) have no common length on axis 1", func(x, h graph.Value) {
			ops.Scan(values{h}, values{x, h}, ops.ScanOptions{Axis: 1}, nil)
		}},
		{"Scan: axis 2; the steps can lie on axis 0 or 1", func(x, h graph.Value) {
			ops.Scan(values{h}, values{x}, ops.ScanOptions{Axis: 2}, nil)
		}},
		{"do not broadcast", func(x, h graph.Value) {
			ops.Scan(values{h}, values{x}, ops.ScanOptions{Axis: 1}, func(s *ops.ScanStep) (values, values) {
				return values{ops.Add(s.States[0], s.Inputs[0])}, nil
			})
		}},
	} {
		g := graph.New()
		vs, _ := feed(g, []*tensor.Tensor{filled(2, 5, 4), filled(2, 3)})
		tt.call(vs[0], vs[1])
		if g.Err() == nil || !strings.Contains(g.Err().Error(), tt.want) {
			t.Errorf("error %v, want %q", g.Err(), tt.want)
		}
	}
}

// The backward step adds up gradients of small constants when there are many samples.
func TestScanSums(t *testing.T) {
	for samples, want := range map[int]int{2: 0, 48: 3} { // kernel, recurrent kernel and bias
		g := graph.New()
		vs, _ := feed(g, []*tensor.Tensor{filled(samples, 4, 3), filled(samples, 2), filled(samples, 2), filled(3, 8), filled(2, 8), filled(8)})
		graph.Gradients(ops.Sum(lstm(ops.ScanOptions{Axis: 1})(vs), nil, false), vs)
		sums := 0
		for _, n := range g.Nodes {
			if op, ok := n.Op.(ops.ScanOp); ok {
				sums += len(op.Body.Sums)
			}
		}
		if g.Err() != nil || sums != want {
			t.Errorf("%d samples: %d sums, want %d; %v", samples, sums, want, g.Err())
		}
	}
}
