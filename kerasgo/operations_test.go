package keras

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// operationCase is a recorded functional model; oracle/gen/operations.py says what
// is in it.
type operationCase struct {
	Class      string          `json:"cls"`
	Expression string          `json:"expression"`
	Model      json.RawMessage `json:"model"`
	Inputs     []*recorded     `json:"inputs"`
	Outputs    []*recorded     `json:"outputs"`
	DTypes     []string        `json:"dtypes"`
	Shapes     [][]*int        `json:"shapes"`
	Cotangents []*recorded     `json:"cotangents"`
	Grads      []*recorded     `json:"grads"`
}

// recorded is an array as gen/record.py writes it.
type recorded struct {
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
	Data  string `json:"data"`
}

func (r *recorded) tensor(t *testing.T) *tensor.Tensor {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		t.Fatal(err)
	}
	switch r.DType {
	case "float32":
		d := make([]float32, len(raw)/4)
		for i := range d {
			d[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		return tensor.From(d, r.Shape...)
	case "int8", "uint8":
		d := make([]int32, len(raw))
		for i := range d {
			if d[i] = int32(raw[i]); r.DType == "int8" {
				d[i] = int32(int8(raw[i]))
			}
		}
		return tensor.From(d, r.Shape...)
	case "int32":
		d := make([]int32, len(raw)/4)
		for i := range d {
			d[i] = int32(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		return tensor.From(d, r.Shape...)
	}
	t.Fatalf("recorded array of type %s", r.DType)
	return nil
}

func operationCases(t *testing.T) []operationCase {
	t.Helper()
	names := []string{"operations", "operations_basics", "operations_images", "operations_matrices"}
	for i, name := range names {
		names[i] = "oracle/testdata/" + name + ".json.gz"
	}
	if s := os.Getenv("KERASGO_OPERATIONS"); s != "" { // other cases, from gen/operations.py
		names = []string{s}
	}
	var all []operationCase
	for _, name := range names {
		list, err := gzipCases(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}

func gzipCases(name string) ([]operationCase, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var file struct {
		Cases []operationCase `json:"cases"`
	}
	err = json.NewDecoder(z).Decode(&file)
	return file.Cases, err
}

// Operations in models of real Keras: config, types and shapes, outputs and
// gradients, by the engine's own loops and compiled.
func TestOperations(t *testing.T) {
	pool := run.NewPool(1)
	defer pool.Close()
	worst := 0.0
	for i, c := range operationCases(t) {
		t.Run(fmt.Sprintf("%s/%d", c.Class, i), func(t *testing.T) {
			m, err := FromJSON(string(c.Model))
			if err != nil {
				t.Fatalf("%s: %v", c.Expression, err)
			}
			sameNodes(t, m, c)
			sameInYAML(t, m)
			for _, exec := range []func([]graph.Value, graph.Feeds) ([]*tensor.Tensor, error){
				func(want []graph.Value, f graph.Feeds) ([]*tensor.Tensor, error) {
					return graph.Run(want[0].Graph(), want, f, true)
				},
				func(want []graph.Value, f graph.Feeds) ([]*tensor.Tensor, error) { return runPlan(pool, want, f) },
			} {
				worst = max(worst, c.check(t, m, exec))
			}
		})
	}
	t.Logf("largest error %.2g", worst)
}

// sameNodes compares the operations of the model's config, and the types and shapes
// of its outputs, with Keras's.
func sameNodes(t *testing.T, m *Model, c operationCase) {
	t.Helper()
	text, err := m.ToJSON()
	if err != nil {
		t.Fatalf("%s: %v", c.Expression, err)
	}
	nodes := func(text string) (list []any) {
		var j struct {
			Config struct{ Layers []map[string]any }
		}
		if err := json.Unmarshal([]byte(text), &j); err != nil {
			t.Fatal(err)
		}
		for _, l := range j.Config.Layers {
			if l["class_name"] != "InputLayer" {
				list = append(list, l)
			}
		}
		return list
	}
	if d := cmp.Diff(nodes(string(c.Model)), nodes(text)); d != "" {
		t.Errorf("%s: config (-Keras +ours):\n%s", c.Expression, d)
	}
	for i, s := range m.outputs {
		var shape []int
		for _, n := range c.Shapes[i] {
			if n == nil {
				shape = append(shape, tensor.Unknown)
			} else {
				shape = append(shape, *n)
			}
		}
		if !slices.Equal(shape, s.shape) || s.dtypeName() != c.DTypes[i] {
			t.Errorf("%s: output %d is %s %v, Keras has %s %v", c.Expression, i, s.dtypeName(), s.shape, c.DTypes[i], tensor.Shape(shape))
		}
	}
}

// check runs the model on the recorded inputs and returns the largest error.
func (c operationCase) check(t *testing.T, m *Model, exec func([]graph.Value, graph.Feeds) ([]*tensor.Tensor, error)) float64 {
	t.Helper()
	tr := newTrace(graph.New(), false)
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{}}
	var in, floats []graph.Value
	for i, a := range c.Inputs {
		x := a.tensor(t)
		name := fmt.Sprint("x", i)
		feeds.Inputs[name] = x
		v := tr.g.Input(name, graph.Spec{DType: x.DType(), Shape: x.Shape()})
		if in = append(in, v); x.DType().Float() {
			floats = append(floats, v)
		}
	}
	outs := tr.model(m, in)
	if err := tr.g.Err(); err != nil {
		t.Fatalf("%s: %v", c.Expression, err)
	}
	var loss graph.Value
	for i, cot := range c.Cotangents {
		if cot == nil {
			continue
		}
		part := ops.Sum(ops.Mul(ops.Cast(outs[i], tensor.Float32), ops.Const(tr.g, cot.tensor(t))), nil, false)
		if loss.OK() {
			part = ops.Add(loss, part)
		}
		loss = part
	}
	want := slices.Clone(outs)
	var grads []graph.Value
	if loss.OK() && len(floats) > 0 {
		grads = graph.Gradients(loss, floats)
		for _, g := range grads {
			if g.OK() {
				want = append(want, g)
			}
		}
	}
	got, err := exec(want, feeds)
	if err != nil {
		t.Fatalf("%s: %v", c.Expression, err)
	}
	worst := 0.0
	for i, r := range c.Outputs {
		worst = max(worst, c.compare(t, fmt.Sprint("output ", i), got[i], r.tensor(t)))
	}
	got = got[len(outs):]
	for i, g := range grads {
		k := c.Grads[i]
		switch {
		case g.OK() && k != nil:
			worst = max(worst, c.compare(t, fmt.Sprint("gradient ", i), got[0], k.tensor(t)))
		case g.OK():
			zero := tensor.New(tensor.Float32, got[0].Shape()...)
			c.compare(t, fmt.Sprint("gradient ", i, ", Keras has none"), got[0], zero)
		case k != nil:
			c.compare(t, fmt.Sprint("gradient ", i, ", of which there is none"), tensor.New(tensor.Float32, k.Shape...), k.tensor(t))
		}
		if g.OK() {
			got = got[1:]
		}
	}
	return worst
}

// compare reports elements that differ by more than rounding, relative to the
// largest one.
func (c operationCase) compare(t *testing.T, what string, got, want *tensor.Tensor) float64 {
	t.Helper()
	if !got.Shape().Equal(want.Shape()) {
		t.Errorf("%s: %s has shape %v, Keras's %v", c.Expression, what, got.Shape(), want.Shape())
		return 0
	}
	scale, worst := 1.0, 0.0
	for i := range want.Size() {
		if v := math.Abs(want.Float64At(i)); !math.IsInf(v, 0) && !math.IsNaN(v) && v < 1e30 {
			scale = max(scale, v)
		}
	}
	for i := range want.Size() {
		a, b := got.Float64At(i), want.Float64At(i)
		if a == b || math.IsNaN(a) && math.IsNaN(b) {
			continue
		}
		d := math.Abs(a-b) / scale
		if !(d <= 1e-5) {
			t.Errorf("%s: %s: element %d is %v, Keras has %v", c.Expression, what, i, a, b)
			return 0
		}
		worst = max(worst, d)
	}
	return worst
}

func runPlan(pool *run.Pool, want []graph.Value, f graph.Feeds) ([]*tensor.Tensor, error) {
	p, err := plan.Compile(want[0].Graph(), want)
	if err != nil {
		return nil, err
	}
	frame, err := p.NewFrame(f.Variables, pool.Size())
	if err != nil {
		return nil, err
	}
	for i, name := range p.Inputs {
		if err := frame.SetInput(i, f.Inputs[name]); err != nil {
			return nil, err
		}
	}
	if err := pool.Run(frame); err != nil {
		return nil, err
	}
	out := make([]*tensor.Tensor, len(want))
	for i := range out {
		out[i] = frame.Output(i)
	}
	return out, nil
}
