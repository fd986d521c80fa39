package plan_test

import (
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// pools are shared by tests: pools of other sizes than the machine has cores.
var pools = sync.OnceValue(func() map[int]*run.Pool {
	m := map[int]*run.Pool{}
	for _, n := range []int{1, 2, 3, 8} {
		m[n] = run.NewPool(n)
	}
	return m
})

// sketch draws random graphs. All numbers in them are small integers, on which
// float32 arithmetic is exact in any order, so that results must agree exactly.
type sketch struct {
	*rapid.T
	*bench
	values []value // float32 ones
	vars   []value
}

func (s *sketch) number(what string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(s.T, what) }

func (s *sketch) coin(what string) bool { return rapid.Bool().Draw(s.T, what) }

func (s *sketch) pick(what string) value { return rapid.SampledFrom(s.values).Draw(s.T, what) }

// integers fills a tensor with numbers from -4 to 4.
func integers(seed int, t *tensor.Tensor) {
	for i := range t.Size() {
		seed = seed*1103515245 + 12345
		t.SetFloat64At(i, float64(seed>>16&0xffff%9-4))
	}
}

func (s *sketch) shape() []int {
	shape := make([]int, s.number("rank", 0, 4))
	for i := range shape {
		shape[i] = rapid.SampledFrom([]int{1, 2, 3, 5, 7, 12}).Draw(s.T, "length")
		if s.number("rare", 0, 40) == 0 {
			shape[i] = rapid.SampledFrom([]int{0, 90}).Draw(s.T, "extreme")
		}
	}
	if tensor.Shape(shape).Size() > 50_000 {
		return shape[:1]
	}
	return shape
}

// source adds an input, a variable or a constant.
func (s *sketch) source(shape []int) value {
	var v value
	switch s.number("source", 0, 2) {
	case 0:
		v = s.input(shape...)
		integers(len(s.feeds.Inputs), s.feeds.Inputs[v.Node.Op.(graph.Input).Name])
	case 1:
		v = s.variable(shape...)
		integers(len(s.feeds.Variables), s.feeds.Variables[len(s.feeds.Variables)-1])
		s.vars = append(s.vars, v)
	default:
		t := tensor.New(tensor.Float32, shape...)
		integers(len(s.values), t)
		v = s.g.Constant(t)
	}
	s.values = append(s.values, v)
	return v
}

// partner returns a value that broadcasts with x: one that is there, or a new one
// whose shape is that of x with some axes 1 and some leading ones left out.
func (s *sketch) partner(x value) value {
	if s.coin("existing") {
		var fit []value
		for _, v := range s.values {
			if b, ok := tensor.Broadcast(v.Shape(), x.Shape()); v == x || ok && b.Size() < 100_000 {
				fit = append(fit, v)
			}
		}
		return rapid.SampledFrom(fit).Draw(s.T, "partner")
	}
	shape := x.Shape().Clone()
	for i := range shape {
		if s.number("one", 0, 2) == 0 {
			shape[i] = 1
		}
	}
	return s.source(shape[s.number("drop", 0, len(shape)):])
}

var binaries = []func(a, b value) value{
	ops.Add, ops.Sub, ops.Mul, ops.Maximum, ops.Minimum, ops.Greater, ops.LessEqual, ops.Equal, ops.NotEqual, ops.And, ops.Or,
}

var unaries = []func(x value) value{ops.Neg, ops.Abs, ops.Sign, ops.Relu, ops.Square, ops.Not, ops.Floor, ops.StopGradient}

// axes draws some axes of x.
func (s *sketch) axes(x value) []int {
	var axes []int
	for i := range x.Shape() {
		if s.coin("axis") {
			axes = append(axes, i)
		}
	}
	return axes
}

// op adds one random op.
func (s *sketch) op() {
	x := s.pick("operand")
	shape := x.Shape()
	var y value
	switch s.number("op", 0, 13) {
	case 0, 1, 2:
		y = rapid.SampledFrom(binaries).Draw(s.T, "binary")(x, s.partner(x))
	case 3, 4:
		y = rapid.SampledFrom(unaries).Draw(s.T, "unary")(x)
	case 5:
		c := s.partner(x)
		y = ops.Where(c, x, s.partner(ops.Add(x, c)))
	case 6:
		kind := s.number("reduction", 0, 2)
		if kind > 0 && shape.Size() == 0 {
			return
		}
		y = []func(value, []int, bool) value{ops.Sum, ops.Max, ops.Min}[kind](x, s.axes(x), s.coin("keep"))
	case 7:
		if s.coin("flat") {
			y = ops.Reshape(x, shape.Size())
		} else {
			y = ops.ExpandDims(x, s.number("axis", 0, len(shape)))
		}
	case 8:
		if len(shape) < 2 {
			return
		}
		ta, tb := s.coin("transA"), s.coin("transB")
		k := shape[len(shape)-1]
		if ta {
			k = shape[len(shape)-2]
		}
		w := []int{k, s.number("units", 1, 20)}
		if tb {
			w[0], w[1] = w[1], w[0]
		}
		lead := shape[:len(shape)-2].Clone()
		for i := range lead {
			if s.coin("one") {
				lead[i] = 1
			}
		}
		y = ops.MatMulT(x, s.source(append(lead[s.number("drop", 0, len(lead)):], w...)), ta, tb)
	case 9:
		y = ops.Transpose(x, rapid.Permutation(upTo(len(shape))).Draw(s.T, "perm")...)
	case 10:
		starts, sizes, steps := make([]int, len(shape)), make([]int, len(shape)), make([]int, len(shape))
		for i, d := range shape {
			starts[i] = s.number("start", 0, d)
			steps[i] = s.number("step", 1, 3)
			sizes[i] = s.number("size", 0, (d-starts[i]+steps[i]-1)/steps[i])
		}
		y = ops.SliceStep(x, starts, sizes, steps)
	case 11:
		if shape.Size() > 5000 || len(shape) == 0 {
			return
		}
		axis := s.number("axis", 0, len(shape)-1)
		other := shape.Clone()
		other[axis] = s.number("length", 0, 3)
		y = ops.Concat(axis, x, s.source(other), x)
	case 12:
		switch s.number("rearrange", 0, 3) {
		case 0:
			y = ops.Flip(x, s.axes(x)...)
		case 1:
			pads := make([][2]int, len(shape))
			for i := range pads {
				pads[i] = [2]int{s.number("before", 0, 2), s.number("after", 0, 2)}
			}
			y = ops.Pad(x, pads, 3)
		case 2:
			if len(shape) == 0 {
				return
			}
			y = ops.Repeat(x, s.number("times", 0, 3), s.number("axis", 0, len(shape)-1))
		default:
			y = ops.BroadcastTo(x, append([]int{s.number("times", 0, 3)}, shape...)...)
		}
	default:
		if len(shape) == 0 || shape.Size() == 0 {
			return
		}
		axis := s.number("axis", 0, len(shape)-1)
		if s.coin("sum") {
			y = ops.CumSum(x, axis)
		} else {
			y = ops.Cast(ops.ArgMax(x, axis), tensor.Float32)
		}
	}
	if y.Shape().Size() > 100_000 {
		return
	}
	s.values = append(s.values, ops.Clip(y, -8, 8))
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// assigns gives some variables a value: another variable, an input, a constant, a
// view, or something computed, mostly with the variable in it.
func (s *sketch) assigns() {
	for _, v := range s.vars {
		var fit []value
		for _, x := range s.values {
			if x.Shape().Equal(v.Shape()) {
				fit = append(fit, x)
			}
		}
		x := rapid.SampledFrom(fit).Draw(s.T, "assigned")
		switch s.number("assign", 0, 4) {
		case 0:
			continue
		case 1: // as it is
		case 2:
			x = ops.Clip(ops.Sub(x, v), -8, 8)
		case 3:
			x = ops.Reshape(ops.Reshape(ops.Neg(x), x.Shape().Size()), x.Shape()...)
		case 4:
			x = ops.Minimum(ops.Add(v, ops.Maximum(x, v)), ops.Scalar(x, 5))
			s.values = append(s.values, ops.Neg(x)) // reads what is written in place
		}
		s.values = append(s.values, x)
		s.g.Assign(v, x)
	}
}

func drawGraph(t *rapid.T) (*sketch, []value) {
	s := &sketch{T: t, bench: newBench()}
	for range s.number("sources", 1, 4) {
		s.source(s.shape())
	}
	for range s.number("ops", 1, 25) {
		s.op()
	}
	s.assigns()
	if err := s.g.Err(); err != nil {
		t.Fatal(err)
	}
	want := make([]value, s.number("outputs", 1, 6))
	for i := range want {
		want[i] = s.pick("output")
	}
	return s, want
}

// TestRandomGraphs holds compiled graphs against the interpreter: every output and
// every variable, over some steps, with several numbers of threads.
func TestRandomGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, want := drawGraph(t)
		p, err := plan.Compile(s.g, want)
		if err != nil {
			t.Fatal(err)
		}
		const steps = 3
		ref := graph.Feeds{Inputs: s.feeds.Inputs, Variables: clone(s.feeds.Variables)}
		var exact [steps][]*tensor.Tensor
		for i := range exact {
			if exact[i], err = graph.Run(s.g, want, ref, true); err != nil {
				t.Fatal(err)
			}
			exact[i] = append(exact[i], clone(ref.Variables)...)
		}
		for threads, pool := range pools() {
			vars := clone(s.feeds.Variables)
			f, err := p.NewFrame(vars, threads)
			if err != nil {
				t.Fatal(err)
			}
			for name, x := range s.feeds.Inputs {
				if i := p.InputIndex(name); i >= 0 {
					if err := f.SetInput(i, x); err != nil {
						t.Fatal(err)
					}
				}
			}
			for i := range exact {
				if err := pool.Run(f); err != nil {
					t.Fatalf("%d threads, step %d: %v\n%v\n%v", threads, i, err, s.g, p)
				}
				for k, e := range exact[i] {
					what := fmt.Sprintf("output %d", k)
					var got *tensor.Tensor
					if k < len(want) {
						got = f.Output(k)
					} else {
						what, got = fmt.Sprintf("variable %d", k-len(want)), vars[k-len(want)]
					}
					if at, ok := firstDifference(got, e); !ok {
						t.Fatalf("%d threads, step %d: %s differs at %d: got %v, want %v\n%v\nassigns %v\n%v",
							threads, i, what, at, got, e, s.g, s.g.Assigns, p)
					}
				}
			}
		}
	})
}

func firstDifference(a, b *tensor.Tensor) (int, bool) {
	if !a.Shape().Equal(b.Shape()) {
		return -1, false
	}
	for i := range a.Size() {
		if a.Float64At(i) != b.Float64At(i) {
			return i, false
		}
	}
	return 0, true
}
