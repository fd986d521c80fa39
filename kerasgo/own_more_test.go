package keras

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// caller makes a model of a function and one layer.
type caller1 struct {
	Layer, Other *Layer
	f            func(n *caller1, c *Context, in ...graph.Value) graph.Value
}

func (n *caller1) Call(c *Context, in ...graph.Value) graph.Value { return n.f(n, c, in...) }

func plainCall(n *caller1, c *Context, in ...graph.Value) graph.Value { return c.Call(n.Layer, in[0]) }

func TestOwnSummary(t *testing.T) {
	m := NewSubclass(&ownNet{Units: 5})
	if err := m.Build(-1, 3); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.SummaryWith(SummaryOptions{Out: &b, LineLength: 65, ExpandNested: true}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`Model: "net"`,
		"│ dense (Dense)              │ (None, 5)           │         20 │",
		"│ dense_4 (Dense)            │ (None, 2)           │          8 │",
		"│ dropout (Dropout)          │ ?                   │          0 │",
		"│ sequential (Sequential)    │ (None, 3)           │         30 │",
		"│    └ batch_normalization   │ (None, 3)           │         12 │",
		"│ dense_5 (Dense)            │ ?                   │          0 │",
		"│                            │                     │  (unbuilt) │",
		"│ own_gate (ownGate)         │ (None, 3)           │         18 │",
		"│    └ dense (Dense)         │ (None, 3)           │         18 │",
		" Total params: 150 (600.00 B)",
	} {
		if !strings.Contains(b.String(), line+"\n") {
			t.Errorf("the summary has no line %q:\n%s", line, b.String())
		}
	}
}

// A subclass model is a layer of a functional model, masks and all, and is found again in
// its file.
func TestOwnNested(t *testing.T) {
	x := Input(5)
	out := ApplyMulti(NewSubclass(&ownNet{}), x)
	m := NewModel(x, List(out[0], Apply(layers.Dense{Units: 1}, out[1])))
	file := filepath.Join(t.TempDir(), "nested.keras")
	if err := m.Save(file); err != nil {
		t.Fatal(err)
	}
	c := ownCase{x: ownArray(1, -1, 1, 4, 5)}
	nearArrays(t, c.predict(t, load(t, file)), c.predict(t, m))
}

func TestOwnMask(t *testing.T) {
	m := NewSubclass(&caller1{Layer: Share(layers.Embedding{InputDim: 5, OutputDim: 2, MaskZero: true}), f: func(n *caller1, c *Context, in ...graph.Value) graph.Value {
		return c.Mask(c.Call(n.Layer, in[0]))
	}})
	got, err := m.Predict(tensor.From([]int32{0, 3, 0, 2}, 2, 2), Predict{Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mask", []float64{float64(got.Float32s()[0]), float64(got.Float32s()[1]), float64(got.Float32s()[3])}, []float64{0, 1, 1}, 0)
}

// Other lengths than those of the first data are other traces.
func TestOwnLengths(t *testing.T) {
	m := NewSubclass(&caller1{Layer: Share(layers.Dense{Units: 2}), f: plainCall})
	for _, n := range []int{3, 7} {
		y, err := m.Predict(ownArray(1, 0, 1, 2, n, 4), Predict{Verbose: Silent})
		if err != nil {
			t.Fatal(err)
		}
		if !y.Shape().Equal(tensor.Shape{2, n, 2}) {
			t.Errorf("shape %v", y.Shape())
		}
	}
}

func TestOwnBuildInputs(t *testing.T) {
	m := NewSubclass(&ownNamed{})
	if err := m.BuildInputs(map[string]tensor.Shape{"b": {-1, 4}, "a": {-1, 2}}); err != nil {
		t.Fatal(err)
	}
	if n := m.CountParams(); n != 9+15 {
		t.Errorf("%d parameters", n)
	}
	gate := NewSubclass(&ownGate{})
	if err := gate.BuildInputs([]tensor.Shape{{-1, 3}, {-1, 2}}); err != nil {
		t.Fatal(err)
	}
	if n := gate.CountParams(); n != 9 {
		t.Errorf("%d parameters", n)
	}
}

// Steps of one's own on a functional model do what Keras's steps do, and Predict yields
// what PredictStep does. What they draw at random differs from step to step.
func TestSetSteps(t *testing.T) {
	made := func() *Model {
		SetRandomSeed(1)
		m := NewSequential(layers.Dense{Units: 16, Activation: "tanh", InputShape: []int{4}, KernelRegularizer: "l2"}, layers.Reshape{TargetShape: []int{4, 4, 1}},
			layers.Conv2D{Filters: 3, KernelSize: [2]int{3, 3}, Padding: "same", Activation: "relu", ActivityRegularizer: "l2"}, layers.MaxPooling2D{},
			layers.Conv2D{Filters: 2, KernelSize: [2]int{2, 2}}, layers.BatchNormalization{}, layers.ReLU{}, layers.Flatten{}, layers.Dense{Units: 2})
		Check(m.Compile(Compile{Optimizer: optimizers.Adam{}, Loss: "mse", Metrics: []any{"mae", metrics.MeanSquaredError{}}}))
		return m
	}
	x, y, w := ownArray(1, -1, 1, 10, 4), ownArray(2, -1, 1, 10, 2), ownArray(3, 0, 1, 10)
	keras, own := made(), made()
	var drawn []float64
	own.SetSteps(Steps{
		Train: func(s *Step) {
			y := s.CallMulti(s.Model(), s.X...)
			loss := s.ComputeLoss(y...)
			weights := s.Model().TrainableWeights()
			s.Apply(s.Optimizer(), s.Gradients(loss, weights), weights)
			s.ComputeMetrics(loss, y...)
			s.Log("drawn", ops.Mean(s.Normal(nil, 3), nil, false))
		},
		Test: func(s *Step) {
			y := s.CallMulti(s.Model(), s.X...)
			s.ComputeMetrics(s.ComputeLoss(y...), y...)
		},
		Predict: func(s *Step) []graph.Value {
			return []graph.Value{ops.MulScalar(s.Call(s.Model(), s.X...), 2)}
		},
	})
	fit := Fit{BatchSize: 4, Epochs: 3, Verbose: Silent, SampleWeight: w, ValidationData: Data{X: x, Y: y}}
	a, err := keras.Fit(x, y, fit)
	if err != nil {
		t.Fatal(err)
	}
	b, err := own.Fit(x, y, fit)
	if err != nil {
		t.Fatal(err)
	}
	for k := range a.History {
		near(t, k, b.History[k], a.History[k], 1e-6)
	}
	if drawn = b.History["drawn"]; len(drawn) != 3 || drawn[0] == drawn[1] || drawn[1] == drawn[2] {
		t.Errorf("drawn %v", drawn)
	}
	p, q := must2(t, keras), must2(t, own)
	for i, v := range p.Float32s() {
		near(t, "predict", []float64{float64(q.Float32s()[i])}, []float64{2 * float64(v)}, 1e-5)
	}
}

func must2(t *testing.T, m *Model) *tensor.Tensor {
	t.Helper()
	y, err := m.Predict(ownArray(1, -1, 1, 10, 4), Predict{Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	return y
}

type noCall struct{ Layer *Layer }

type hidden struct{ layer *Layer }

func (h *hidden) Call(c *Context, in ...graph.Value) graph.Value { return c.Call(h.layer, in[0]) }

type taken struct{ Layers []*Layer }

func (h *taken) Call(c *Context, in ...graph.Value) graph.Value { return in[0] }

type badParts struct {
	DOptimizer *Optimizer
}

func (h *badParts) Call(c *Context, in ...graph.Value) graph.Value { return in[0] }

func TestOwnErrors(t *testing.T) {
	dense := func(units int) *Layer { return Share(layers.Dense{Units: units}) }
	stranger := dense(2)
	predict := func(m *Model) error {
		_, err := m.Predict(ownArray(1, 0, 1, 2, 4), Predict{Verbose: Silent})
		return err
	}
	called := func(f func(n *caller1, c *Context, in ...graph.Value) graph.Value) error {
		return predict(NewSubclass(&caller1{Layer: dense(2), f: f}))
	}
	trained := func(step func(s *Step)) error {
		m := NewSequential(layers.Dense{Units: 2, InputShape: []int{4}})
		m.SetSteps(Steps{Train: step})
		Check(m.Compile(Compile{Loss: "mse"}))
		_, err := m.Fit(ownArray(1, 0, 1, 2, 4), ownArray(2, 0, 1, 2, 2), Fit{Verbose: Silent})
		return err
	}
	value := func(s *Step) graph.Value { return s.Call(s.Model(), s.X[0]) }
	loss := func(s *Step) graph.Value { return s.ComputeLoss(value(s)) }
	for _, c := range []struct {
		want string
		err  error
	}{
		{"a pointer to a struct is wanted, not a keras.noCall", NewSubclass(noCall{}).Err()},
		{"own_more_test.go", NewSubclass(noCall{}).Err()},
		{"neither Call(*keras.Context, ...graph.Value) graph.Value, nor CallMulti, nor TrainStep", NewSubclass(&noCall{}).Err()},
		{"field layer holds a part of the model; exported fields are seen, so call it Layer", NewSubclass(&hidden{}).Err()},
		{`"layers" is an attribute of every model in Keras`, NewSubclass(&taken{}).Err()},
		{`field DOptimizer: unknown optimizer "adm"`, NewSubclass(&badParts{NewOptimizer("adm")}).Err()},
		{"a MultiOptimizer works in Compile only", NewSubclass(&badParts{NewOptimizer(optimizers.MultiOptimizer{OptimizerMap: optimizers.OptimizerMap{DefaultOptimizer: "adam"}})}).Err()},
		{"units", NewSubclass(&caller1{Layer: Share(layers.Dense{Units: -1}), f: plainCall}).Err()},
		{"is in no exported field of keras.caller1", called(func(n *caller1, c *Context, in ...graph.Value) graph.Value { return c.Call(stranger, in[0]) })},
		{"Call(*keras.Layer): what is called is a *keras.Layer or a *keras.Model that is not nil", called(func(n *caller1, c *Context, in ...graph.Value) graph.Value { return c.Call(n.Other, in[0]) })},
		{`there is no input "b"; the inputs are [input_1]`, called(func(n *caller1, c *Context, in ...graph.Value) graph.Value { return c.Input("b") })},
		{`"mask" is no tensor that the layer is called with`, called(func(n *caller1, c *Context, in ...graph.Value) graph.Value {
			return c.CallWith(n.Layer, Kwargs{"mask": in[0]}, in[0])[0]
		})},
		{"Gradients: the loss must be a scalar", trained(func(s *Step) { s.Gradients(value(s), s.Model().TrainableWeights()) })},
		{"0 gradients for 2 weights", trained(func(s *Step) { s.Apply(s.Optimizer(), nil, s.Model().TrainableWeights()) })},
		{"is for the 2 weights that it was first applied to", trained(func(s *Step) {
			w := s.Model().TrainableWeights()
			g := s.Gradients(loss(s), w)
			s.Apply(s.Optimizer(), g, w)
			s.Apply(s.Optimizer(), g[:1], w[:1])
		})},
		{"the step logs nothing", trained(func(s *Step) { loss(s) })},
		{`"loss" is logged twice`, trained(func(s *Step) { v := loss(s); s.Log("loss", v); s.Log("loss", v) })},
		{`"loss" is no scalar, but of shape (2, 2)`, trained(func(s *Step) { s.Log("loss", value(s)) })},
		{"there are 2 predictions for the 1 outputs", trained(func(s *Step) { v := value(s); s.Log("loss", s.ComputeLoss(v, v)) })},
		{"Update: mean takes values", trained(func(s *Step) { s.Update(NewMetric(metrics.Mean{})) })},
		{"keras.caller1 is not registered", func() error {
			m := NewSubclass(&caller1{Layer: dense(2), f: plainCall})
			Check(m.Build(-1, 4))
			return m.Save(filepath.Join(t.TempDir(), "x.keras"))
		}()},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("error %v, want %q", c.err, c.want)
		}
	}
}

// A file that names a class of the user's says how to register one.
func TestUnregistered(t *testing.T) {
	for text, want := range map[string]string{
		`{"module": null, "class_name": "Odd", "config": {}, "registered_name": "shop>Odd"}`:                                                                                    `unknown model "Odd", registered in Python as "shop>Odd"`,
		`{"module": null, "class_name": "Net", "config": {}, "registered_name": "other>Net"}`:                                                                                   `registered_name "other>Net" is not that of Net, which is "own>Net"`,
		`{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"module": "m", "class_name": "Odd", "config": {}, "registered_name": "shop>Odd"}]}}`:            `spec.Register[Odd]("shop", spec.OfKind("layer"))`,
		`{"module": "keras", "class_name": "Sequential", "config": {"layers": []}, "compile_config": {"loss": {"class_name": "L", "config": {}, "registered_name": "shop>L"}}}`: `spec.Register[L]("shop", spec.OfKind("loss"))`,
	} {
		if _, err := FromJSON(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// dense has the name of one of Keras's layers.
type dense struct {
	Factor *float64 `keras:"factor,pos,default=2.0"`
	Name   string   `keras:"name"`
}

func init() { spec.Register[dense]("shop", spec.ClassName("Dense"), spec.OfKind("layer")) }

func (dense) Build(*layers.Builder, ...tensor.Shape) {}

func (d dense) Call(_ *layers.Context, in ...graph.Value) graph.Value {
	return ops.MulScalar(in[0], *d.Factor)
}

// A user's class may have the name of one of Keras's: the registered name tells them apart.
func TestOwnName(t *testing.T) {
	m := NewSequential(dense{Factor: new(3.0)}, layers.Dense{Units: 2})
	if err := m.Build(-1, 2); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "m.keras")
	if err := m.Save(file); err != nil {
		t.Fatal(err)
	}
	text, err := m.ToYAML()
	if err != nil {
		t.Fatal(err)
	}
	short, err := FromYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []*Model{load(t, file), short} {
		if d, ok := l.Layers()[0].Description().(dense); !ok || *d.Factor != 3 {
			t.Errorf("layer 0 is %#v", l.Layers()[0].Description())
		}
		if _, ok := l.Layers()[1].Description().(layers.Dense); !ok {
			t.Errorf("layer 1 is %#v", l.Layers()[1].Description())
		}
	}
}

// A layer that is called twice draws other numbers each time, as two views of a sample
// want it.
func TestOwnDrawsTwice(t *testing.T) {
	m := NewSubclass(&caller1{Layer: Share(layers.Dropout{Rate: 0.5}), f: func(n *caller1, c *Context, in ...graph.Value) graph.Value {
		a, b := c.CallWith(n.Layer, Kwargs{"training": true}, in[0])[0], c.CallWith(n.Layer, Kwargs{"training": true}, in[0])[0]
		return ops.Sub(a, b)
	}})
	y, err := m.Predict(ownArray(1, 1, 2, 4, 16), Predict{Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for _, v := range y.Float32s() {
		if v == 0 {
			same++
		}
	}
	if same == 0 || same == y.Size() {
		t.Errorf("%d of %d elements are dropped alike", same, y.Size())
	}
}
