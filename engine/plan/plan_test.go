package plan_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

type value = graph.Value

// random returns a float32 tensor of normal numbers.
func random(seed uint64, shape ...int) *tensor.Tensor {
	r := rng.New(seed, 1)
	t := tensor.New(tensor.Float32, shape...)
	for i := range t.Float32s() {
		t.Float32s()[i] = float32(r.Normal())
	}
	return t
}

// bench is a graph with inputs to feed it.
type bench struct {
	g     *graph.Graph
	feeds graph.Feeds
}

func newBench() *bench {
	return &bench{graph.New(), graph.Feeds{Inputs: map[string]*tensor.Tensor{}}}
}

// input adds a random input.
func (b *bench) input(shape ...int) value {
	name := fmt.Sprint("in", len(b.feeds.Inputs))
	t := random(uint64(len(b.feeds.Inputs)), shape...)
	b.feeds.Inputs[name] = t
	return b.g.Input(name, graph.Spec{Shape: shape})
}

// variable adds a random variable.
func (b *bench) variable(shape ...int) value {
	id := len(b.feeds.Variables)
	b.feeds.Variables = append(b.feeds.Variables, random(uint64(100+id), shape...))
	return b.g.Variable(id, graph.Spec{Shape: shape})
}

func clone(ts []*tensor.Tensor) []*tensor.Tensor {
	out := make([]*tensor.Tensor, len(ts))
	for i, t := range ts {
		out[i] = t.Clone()
	}
	return out
}

// execute compiles and runs the graph some times with a number of threads and
// returns the wanted values and the variables.
func (b *bench) execute(t *testing.T, want []value, threads, times int) (outs, vars []*tensor.Tensor) {
	t.Helper()
	p, err := plan.Compile(b.g, want)
	if err != nil {
		t.Fatal(err)
	}
	vars = clone(b.feeds.Variables)
	f, err := p.NewFrame(vars, threads)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range b.feeds.Inputs {
		if i := p.InputIndex(name); i >= 0 {
			if err := f.SetInput(i, x); err != nil {
				t.Fatal(err)
			}
		}
	}
	pool := run.NewPool(threads)
	defer pool.Close()
	for range times {
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
	}
	for i := range want {
		outs = append(outs, f.Output(i).Clone())
	}
	return outs, vars
}

// check compares the compiled graph with the reference interpreter, and the
// results of 1, 2, 3 and 8 threads with each other, bit by bit.
func (b *bench) check(t *testing.T, tol float64, want ...value) {
	t.Helper()
	if err := b.g.Err(); err != nil {
		t.Fatal(err)
	}
	ref := graph.Feeds{Inputs: b.feeds.Inputs, Variables: clone(b.feeds.Variables)}
	exact, err := graph.Run(b.g, want, ref, true)
	if err != nil {
		t.Fatal(err)
	}
	outs, vars := b.execute(t, want, 1, 1)
	for i := range want {
		compare(t, fmt.Sprintf("output %d", i), outs[i], exact[i], tol)
	}
	for i := range vars {
		compare(t, fmt.Sprintf("variable %d", i), vars[i], ref.Variables[i], tol)
	}
	for _, threads := range []int{2, 3, 8} {
		o, v := b.execute(t, want, threads, 1)
		for i := range o {
			sameBits(t, fmt.Sprintf("%d threads: output %d", threads, i), o[i], outs[i])
		}
		for i := range v {
			sameBits(t, fmt.Sprintf("%d threads: variable %d", threads, i), v[i], vars[i])
		}
	}
}

func compare(t *testing.T, what string, got, want *tensor.Tensor, tol float64) {
	t.Helper()
	if !got.Shape().Equal(want.Shape()) {
		t.Fatalf("%s: shape %v, want %v", what, got.Shape(), want.Shape())
	}
	scale := 1.0
	for i := range want.Size() {
		scale = math.Max(scale, math.Abs(want.Float64At(i)))
	}
	for i := range want.Size() {
		if d := math.Abs(got.Float64At(i) - want.Float64At(i)); !(d <= tol*scale) {
			t.Fatalf("%s[%d] = %v, want %v", what, i, got.Float64At(i), want.Float64At(i))
		}
	}
}

func sameBits(t *testing.T, what string, got, want *tensor.Tensor) {
	t.Helper()
	if got.DType() != tensor.Float32 {
		return
	}
	// cmp.Diff of the whole takes most of the time of these tests, so it prints differences only.
	same := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
	if slices.EqualFunc(want.Float32s(), got.Float32s(), same) {
		return
	}
	t.Fatalf("%s differs:\n%s", what, cmp.Diff(want.Float32s(), got.Float32s()))
}

func TestElementwise(t *testing.T) {
	b := newBench()
	x, y := b.input(7, 5, 33), b.input(7, 5, 33)
	row, col, one := b.input(33), b.input(7, 1, 1), b.input(1)
	mid := b.input(5, 1)
	a := ops.Add(ops.Mul(x, row), ops.Tanh(ops.Sub(y, col)))
	c := ops.Where(ops.Greater(a, ops.Scalar(a, 0)), ops.Div(a, ops.AddScalar(ops.Exp(one), 1)), ops.Scalar(a, 0))
	d := ops.Maximum(ops.Clip(c, -0.5, 0.5), ops.MulScalar(mid, 0.1))
	e := ops.Softplus(ops.Sub(ops.Scalar(d, 2), d))
	b.check(t, 1e-6, d, e, ops.Sum(e, []int{0, 1}, false), ops.Pow(ops.Sigmoid(x), ops.Scalar(x, 1.5)))
}

func TestFusionMakesNoCycle(t *testing.T) {
	// sum depends on a, and c on both: a and c must not be one loop.
	b := newBench()
	x := b.input(40, 70)
	a := ops.Exp(x)
	total := ops.Sum(a, nil, false)
	c := ops.Div(a, total)
	d := ops.Sub(c, ops.Mean(c, []int{1}, true))
	e := ops.Add(ops.Mul(d, a), x)
	b.check(t, 1e-5, e, c)
}

func TestReduce(t *testing.T) {
	for _, axes := range [][]int{nil, {0}, {1}, {2}, {3}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}, {1, 3}, {0, 3}, {1, 2, 3}} {
		t.Run(fmt.Sprint(axes), func(t *testing.T) {
			b := newBench()
			x := b.input(6, 9, 11, 13)
			b.check(t, 1e-5, ops.Sum(x, axes, false), ops.Mean(x, axes, true), ops.Max(x, axes, false), ops.Min(x, axes, true), ops.Variance(x, axes, false))
		})
	}
	b := newBench()
	x := b.input(3, 100_000)
	b.check(t, 1e-5, ops.Sum(x, nil, false), ops.Mean(x, []int{1}, false), ops.Max(x, []int{0}, false))
}

func TestMatMul(t *testing.T) {
	for _, ta := range []bool{false, true} {
		for _, tb := range []bool{false, true} {
			b := newBench()
			s := func(r, c int, turned bool) []int {
				if turned {
					return []int{c, r}
				}
				return []int{r, c}
			}
			p, q := b.input(s(130, 70, ta)...), b.input(s(70, 90, tb)...)
			u, v := b.input(append([]int{3}, s(17, 9, ta)...)...), b.input(append([]int{3}, s(9, 10, tb)...)...)
			b.check(t, 1e-5, ops.MatMulT(p, q, ta, tb), ops.MatMulT(u, v, ta, tb))
		}
	}
	b := newBench()
	b.check(t, 1e-5, ops.MatMul(b.input(4, 5, 6), b.input(6, 7)))
}

func TestConvAndPool(t *testing.T) {
	for _, o := range []ops.ConvOptions{
		{Padding: "valid"},
		{Padding: "same", Strides: [2]int{2, 1}},
		{Padding: "same", Dilation: [2]int{2, 2}},
		{Padding: "valid", Groups: 2},
	} {
		t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
			b := newBench()
			x, w := b.input(9, 13, 12, 4), b.variable(3, 4, 4/max(o.Groups, 1), 6)
			y := ops.Conv2D(x, w, o)
			p := ops.MaxPool2D(y, ops.PoolOptions{Size: [2]int{3, 2}, Strides: [2]int{2, 2}, Padding: "same"})
			q := ops.AvgPool2D(p, ops.PoolOptions{Size: [2]int{2, 2}, Padding: "same"})
			loss := ops.Sum(ops.Square(q), nil, false)
			d := graph.Gradients(loss, []value{x, w})
			b.check(t, 1e-5, y, p, q, d[0], d[1])
		})
	}
}

// TestConvBlock compares a fused convolution, its bias, relu and pooling, and all
// their gradients, with the parts.
func TestConvBlock(t *testing.T) {
	for _, relu := range []bool{false, true} {
		for _, pool := range []bool{false, true} {
			for _, bias := range []bool{false, true} {
				b := newBench()
				x, w, c := b.variable(5, 11, 10, 3), b.variable(4, 3, 3, 8), b.variable(8)
				y := ops.Conv2D(x, w, ops.ConvOptions{Padding: "same"})
				if bias {
					y = ops.Add(y, c)
				}
				if relu {
					y = ops.Relu(y)
				}
				if pool {
					y = ops.MaxPool2D(y, ops.PoolOptions{Size: [2]int{2, 2}})
				}
				loss := ops.Sum(ops.Mul(y, ops.Sin(y)), nil, false)
				parts := graph.Gradients(loss, []value{x, w, c})
				feeds := graph.Feeds{Variables: b.feeds.Variables}
				exact, err := graph.Run(b.g, append([]value{loss, parts[0], parts[1]}, nonzero(parts[2])...), feeds, false)
				if err != nil {
					t.Fatal(err)
				}
				fused := newBench()
				fused.feeds = b.feeds
				var want []value
				fused.g, want = plan.Fuse(b.g, []value{loss})
				g := fused.g
				vars := []value{g.Variable(0, x.Spec()), g.Variable(1, w.Spec()), g.Variable(2, c.Spec())}
				d := graph.Gradients(want[0], vars)
				want = append(want, d[0], d[1])
				want = append(want, nonzero(d[2])...)
				fused.check(t, 1e-4, want...)
				got, _ := fused.execute(t, want, 2, 1)
				if bias != d[2].OK() {
					t.Fatalf("bias %v, gradient %v", bias, d[2].OK())
				}
				for i := range got {
					compare(t, fmt.Sprintf("relu %v pool %v bias %v: value %d", relu, pool, bias, i), got[i], exact[i], 1e-4)
				}
			}
		}
	}
}

func nonzero(v value) []value {
	if v.OK() {
		return []value{v}
	}
	return nil
}

// TestTrainingStep runs several steps of momentum SGD, whose updates are in place.
func TestTrainingStep(t *testing.T) {
	b := newBench()
	x, y := b.input(32, 20), b.input(32, 7)
	w, m, c := b.variable(20, 7), b.variable(20, 7), b.variable(7)
	loss := ops.Mean(ops.Square(ops.Sub(ops.Add(ops.MatMul(x, w), c), y)), nil, false)
	d := graph.Gradients(loss, []value{w, c})
	step := ops.Sub(ops.MulScalar(m, 0.9), ops.MulScalar(d[0], 0.01))
	b.g.Assign(m, step)
	b.g.Assign(w, ops.Add(w, step))
	b.g.Assign(c, ops.Sub(c, ops.MulScalar(d[1], 0.01)))
	b.check(t, 1e-5, loss)

	ref := graph.Feeds{Inputs: b.feeds.Inputs, Variables: clone(b.feeds.Variables)}
	var exact []*tensor.Tensor
	for range 20 {
		var err error
		if exact, err = graph.Run(b.g, []value{loss}, ref, true); err != nil {
			t.Fatal(err)
		}
	}
	outs, vars := b.execute(t, []value{loss}, 2, 20)
	compare(t, "loss after 20 steps", outs[0], exact[0], 1e-5)
	for i := range vars {
		compare(t, fmt.Sprint("variable ", i), vars[i], ref.Variables[i], 1e-5)
	}
}

// TestAssignOrder: every assign sees the values that variables had before the step.
func TestAssignOrder(t *testing.T) {
	b := newBench()
	p, q, r := b.variable(50), b.variable(50), b.variable(50)
	b.g.Assign(p, q) // a swap
	b.g.Assign(q, p)
	b.g.Assign(r, ops.Add(r, ops.Reshape(ops.Reshape(r, 5, 10), 50)))
	b.check(t, 0, ops.MulScalar(p, 2), r)
}

func TestRandom(t *testing.T) {
	b := newBench()
	b.feeds.Inputs[ops.RNGInput] = tensor.From([]int64{42, 7}, 2)
	u := ops.RandomUniform(b.g, []int{300, 211}, ops.Stream{ID: 12345678901234})
	n := ops.RandomNormal(b.g, []int{1001}, ops.Stream{ID: 5, Seed: 9, Fixed: true})
	b.check(t, 0, u)
	b.check(t, 1e-6, n) // its logarithm and sine are kernels
}

func TestSoftmaxAndCrossEntropy(t *testing.T) {
	b := newBench()
	x, y := b.input(64, 10), b.input(64, 10)
	loss := ops.Neg(ops.Mean(ops.Sum(ops.Mul(y, ops.LogSoftmax(x, -1)), []int{-1}, false), nil, false))
	d := graph.Gradients(loss, []value{x})
	b.check(t, 1e-5, loss, d[0], ops.Softmax(x, -1), ops.Softmax(x, 0))
}

// TestConcurrentFrames: a Program is shared by callers, each with its own Frame.
func TestConcurrentFrames(t *testing.T) {
	b := newBench()
	x, w := b.input(8, 50), b.variable(50, 60)
	y := ops.Tanh(ops.MatMul(x, w))
	want, _ := b.execute(t, []value{y}, 1, 1)
	p, err := plan.Compile(b.g, []value{y})
	if err != nil {
		t.Fatal(err)
	}
	pool := run.NewPool(3)
	defer pool.Close()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			f, err := p.NewFrame(b.feeds.Variables, 3)
			if err != nil {
				t.Error(err)
				return
			}
			if err := f.SetInput(0, b.feeds.Inputs["in0"]); err != nil {
				t.Error(err)
			}
			for range 200 {
				if err := pool.Run(f); err != nil {
					t.Error(err)
				}
				if !cmp.Equal(f.Output(0).Float32s(), want[0].Float32s()) {
					t.Error("another result")
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestNoAllocation: a step with lowered ops allocates nothing, nor does the augmentation
// of images, whose lists come from a sync.Pool, but for what is taken from that by the
// garbage collector and, on purpose, by the race detector.
func TestNoAllocation(t *testing.T) {
	b := newBench()
	x, w, c := b.input(16, 12, 12, 3), b.variable(3, 3, 3, 8), b.variable(8)
	y := ops.MaxPool2D(ops.Relu(ops.Add(ops.Conv2D(x, w, ops.ConvOptions{}), c)), ops.PoolOptions{Size: [2]int{2, 2}})
	loss := ops.Mean(ops.Square(y), nil, false)
	var want []value
	b.g, want = plan.Fuse(b.g, []value{loss})
	w, c = b.g.Variable(0, w.Spec()), b.g.Variable(1, c.Spec())
	d := graph.Gradients(want[0], []value{w, c})
	b.g.Assign(w, ops.Sub(w, ops.MulScalar(d[0], 0.1)))
	b.g.Assign(c, ops.Sub(c, ops.MulScalar(d[1], 0.1)))
	if n := allocations(t, b, want); n != 0 {
		t.Errorf("a step allocates %v times", n)
	}

	const images = 16
	b = newBench()
	x = b.input(images, 8, 8, 3)
	b.feeds.Inputs[ops.RNGInput] = tensor.From([]int64{42, 7}, 2)
	x = ops.AffineTransform(x, ops.RandomNormal(b.g, []int{images, 8}, ops.Stream{ID: 1}), ops.AffineOptions{Interpolation: "bilinear", FillMode: "reflect"})
	if n := allocations(t, b, []value{ops.Add(x, ops.RandomNormal(b.g, []int{images, 8, 8, 3}, ops.Stream{ID: 2}))}); n > images {
		t.Errorf("the augmentation of %d images allocates %v times", images, n)
	}
}

// allocations returns how many a run of the compiled graph makes.
func allocations(t *testing.T, b *bench, want []value) float64 {
	p, err := plan.Compile(b.g, want)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.NewFrame(clone(b.feeds.Variables), 2)
	if err != nil {
		t.Fatal(err)
	}
	pool := run.NewPool(2)
	defer pool.Close()
	for i, name := range p.Inputs {
		if err := f.SetInput(i, b.feeds.Inputs[name]); err != nil {
			t.Fatal(err)
		}
	}
	return testing.AllocsPerRun(50, func() {
		if err := f.SetInput(0, b.feeds.Inputs[p.Inputs[0]]); err != nil {
			t.Fatal(err)
		}
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
	})
}

func TestStepPanicIsAnError(t *testing.T) {
	b := newBench()
	table := b.variable(4, 2)
	ids := b.g.Input("ids", graph.Spec{DType: tensor.Int32, Shape: graph.Shape{3}})
	y := ops.Gather(table, ids)
	p, err := plan.Compile(b.g, []value{y})
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.NewFrame(b.feeds.Variables, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetInput(0, tensor.From([]int32{0, 9, 1})); err != nil {
		t.Fatal(err)
	}
	pool := run.NewPool(2)
	defer pool.Close()
	if err := pool.Run(f); err == nil {
		t.Error("an id outside the table is no error")
	}
}
