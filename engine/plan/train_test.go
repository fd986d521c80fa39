package plan_test

import (
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// model builds training graphs as the front door does: parameters are variables,
// the graph is fused before it is differentiated, and Adam updates in place.
type model struct {
	*bench
	params []value
}

func (m *model) param(shape ...int) value {
	v := m.variable(shape...)
	t := m.feeds.Variables[len(m.feeds.Variables)-1]
	for i, x := range t.Float32s() { // small, so that training does not blow up
		t.Float32s()[i] = x * 0.05
	}
	m.params = append(m.params, v)
	return v
}

// state adds a variable of zeros.
func (m *model) state(shape ...int) value {
	v := m.variable(shape...)
	clear(m.feeds.Variables[len(m.feeds.Variables)-1].Float32s())
	return v
}

func (m *model) dense(x value, units int) value {
	return ops.Add(ops.MatMul(x, m.param(x.Shape().Last(), units)), m.param(units))
}

func (m *model) conv(x value, filters int) value {
	w := m.param(5, 5, x.Shape().Last(), filters)
	y := ops.Relu(ops.Add(ops.Conv2D(x, w, ops.ConvOptions{}), m.param(filters)))
	return ops.MaxPool2D(y, ops.PoolOptions{Size: [2]int{2, 2}})
}

// adam fuses the graph, differentiates the first wanted value and adds the
// updates of all parameters.
func (m *model) adam(want []value) []value {
	specs := make([]graph.Spec, len(m.params))
	ids := make([]int, len(m.params))
	for i, p := range m.params {
		specs[i] = p.Spec()
		ids[i] = p.Node.Op.(graph.Variable).ID
	}
	m.g, want = plan.Fuse(m.g, want)
	params := make([]value, len(specs))
	for i, s := range specs {
		params[i] = m.g.Variable(ids[i], s)
	}
	grads := graph.Gradients(want[0], params)
	step := m.state()
	t := ops.AddScalar(step, 1)
	m.g.Assign(step, t)
	power := func(b float64) value { return ops.Sub(ops.Scalar(t, 1), ops.Pow(ops.Scalar(t, b), t)) }
	alpha := ops.Div(ops.MulScalar(ops.Sqrt(power(0.999)), 0.001), power(0.9))
	for i, p := range params {
		mom, vel := m.state(p.Shape()...), m.state(p.Shape()...)
		g := grads[i]
		mv := ops.Add(mom, ops.MulScalar(ops.Sub(g, mom), 0.1))
		vv := ops.Add(vel, ops.MulScalar(ops.Sub(ops.Square(g), vel), 0.001))
		m.g.Assign(mom, mv)
		m.g.Assign(vel, vv)
		m.g.Assign(p, ops.Sub(p, ops.Div(ops.Mul(mv, alpha), ops.AddScalar(ops.Sqrt(vv), 1e-7))))
	}
	return want
}

// notebook is the MNIST CNN of the notebook, one training step on 128 images, with
// its loss and accuracy averaged over the epoch.
func notebook() (*model, []value) {
	m := &model{bench: newBench()}
	const n = 128
	x, y := m.input(n, 28, 28, 1), m.input(n, 10)
	labels := m.feeds.Inputs["in1"].Float32s()
	clear(labels)
	for i := range n {
		labels[i*10+i*7%10] = 1
	}
	h := m.conv(m.conv(x, 32), 64)
	h = ops.Relu(m.dense(ops.Reshape(h, n, 1024), 128))
	m.feeds.Inputs[ops.RNGInput] = tensor.From([]int64{42, 7}, 2)
	u := ops.RandomUniform(m.g, []int{n, 128}, ops.Stream{ID: 1})
	h = ops.Where(ops.GreaterEqual(u, ops.Scalar(u, 0.5)), ops.DivScalar(h, 0.5), ops.Scalar(h, 0))
	logits := m.dense(h, 10)
	each := ops.Neg(ops.Sum(ops.Mul(y, ops.LogSoftmax(logits, -1)), []int{-1}, false))
	loss := ops.DivScalar(ops.Sum(each, nil, false), n)
	hits := ops.Cast(ops.Equal(ops.ArgMax(y, -1), ops.ArgMax(ops.Softmax(logits, -1), -1)), tensor.Float32)
	want := []value{loss}
	for _, v := range []value{each, hits} {
		total, count := m.state(), m.state()
		t, c := ops.Add(total, ops.Sum(v, nil, false)), ops.AddScalar(count, n)
		m.g.Assign(total, t)
		m.g.Assign(count, c)
		want = append(want, ops.Div(t, c))
	}
	return m, m.adam(want)
}

func (m *model) frame(t testing.TB, want []value, threads int) (*run.Program, *run.Frame) {
	t.Helper()
	p, err := plan.Compile(m.g, want)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.NewFrame(clone(m.feeds.Variables), threads)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range m.feeds.Inputs {
		if i := p.InputIndex(name); i >= 0 {
			if err := f.SetInput(i, x); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p, f
}

// TestNotebookLearns: the loss on one batch falls.
func TestNotebookLearns(t *testing.T) {
	m, want := notebook()
	p, f := m.frame(t, want, 2)
	if testing.Verbose() {
		t.Log(p)
	}
	pool := run.NewPool(2)
	defer pool.Close()
	var first, last float32
	for i := range 30 {
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
		last = f.Output(0).Float32s()[0]
		if i == 0 {
			first = last
		}
	}
	if !(last < first/2) {
		t.Errorf("loss %v after 30 steps, %v at first", last, first)
	}
}
