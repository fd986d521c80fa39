package ops_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sync"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// packed is an array in testdata/ops.json.gz or image.json.gz.
type packed struct {
	T string
	S []int
	D []byte
}

func (p *packed) tensor() *tensor.Tensor {
	dtype, err := tensor.ParseDType(p.T)
	if err != nil {
		panic(err)
	}
	t := tensor.New(dtype, p.S...)
	var data any
	switch dtype {
	case tensor.Float32:
		data = t.Float32s()
	case tensor.Float64:
		data = t.Float64s()
	case tensor.Int32:
		data = t.Int32s()
	case tensor.Int64:
		data = tensor.Data[int64](t)
	case tensor.Uint8:
		data = tensor.Data[uint8](t)
	}
	if err := binary.Read(bytes.NewReader(p.D), binary.LittleEndian, data); err != nil {
		panic(err)
	}
	return t
}

// golden is what Keras answered to one call.
type golden struct {
	Op    string
	In    []packed
	Out   []packed
	Dout  *packed
	Grad  []*packed
	Attrs attrs
	index int
}

func (c golden) name() string {
	s := fmt.Sprintf("%d", c.index)
	for _, in := range c.In {
		s += fmt.Sprintf(" %s%v", in.T, tensor.Shape(in.S))
	}
	return s
}

// inputs returns the inputs as tensors; floats become float64 when wide is set.
func (c golden) inputs(wide bool) []*tensor.Tensor {
	in := make([]*tensor.Tensor, len(c.In))
	for i := range c.In {
		in[i] = c.In[i].tensor()
		if wide && in[i].DType().Float() {
			in[i] = in[i].Cast(tensor.Float64)
		}
	}
	return in
}

var goldens = sync.OnceValue(func() []golden {
	var all []golden
	for _, name := range []string{"ops", "image", "ctc"} {
		data, err := os.ReadFile("testdata/" + name + ".json.gz")
		if err != nil {
			panic(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			panic(err)
		}
		var file struct{ Cases []golden }
		if err := json.NewDecoder(r).Decode(&file); err != nil {
			panic(err)
		}
		all = append(all, file.Cases...)
	}
	for i := range all {
		all[i].index = i
	}
	return all
})

// feed makes graph inputs for tensors.
func feed(g *graph.Graph, in []*tensor.Tensor) ([]graph.Value, graph.Feeds) {
	f := graph.Feeds{Inputs: map[string]*tensor.Tensor{ops.RNGInput: tensor.From([]int64{3, 4}, 2)}}
	vs := make([]graph.Value, len(in))
	for i, t := range in {
		name := fmt.Sprintf("x%d", i)
		f.Inputs[name] = t
		vs[i] = g.Input(name, graph.Spec{DType: t.DType(), Shape: t.Shape()})
	}
	return vs, f
}

// build applies the case's function and differentiates sum(out·dout).
func (c golden) build(t *testing.T, in []*tensor.Tensor) (g *graph.Graph, out, grads []graph.Value, f graph.Feeds) {
	t.Helper()
	call, ok := calls[c.Op]
	if !ok {
		t.Fatalf("no call for %s in calls_test.go", c.Op)
	}
	g = graph.New()
	vs, f := feed(g, in)
	out = call(vs, c.Attrs)
	if c.Dout != nil {
		dout := c.Dout.tensor().Cast(out[0].DType())
		loss := ops.Sum(ops.Mul(out[0], ops.Const(g, dout)), nil, false)
		grads = graph.Gradients(loss, vs)
	}
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	return g, out, grads, f
}

func run(t *testing.T, g *graph.Graph, want []graph.Value, f graph.Feeds) []*tensor.Tensor {
	t.Helper()
	res, err := graph.Run(g, want, f, false)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// compare wants equal types and shapes, and elements within tol of the larger of
// 1 and the largest finite element.
func compare(t *testing.T, what string, got, want *tensor.Tensor, tol float64) {
	t.Helper()
	if got.DType() != want.DType() || !got.Shape().Equal(want.Shape()) {
		t.Errorf("%s is %v %v, want %v %v", what, got.DType(), got.Shape(), want.DType(), want.Shape())
		return
	}
	scale := 1.0
	for i := range want.Size() {
		if v := math.Abs(want.Float64At(i)); v > scale && !math.IsInf(v, 0) {
			scale = v
		}
	}
	for i := range want.Size() {
		g, w := got.Float64At(i), want.Float64At(i)
		if g == w || math.IsNaN(g) && math.IsNaN(w) || math.Abs(g-w) <= tol*scale {
			continue
		}
		t.Errorf("%s: element %d is %v, want %v", what, i, g, w)
		return
	}
}

func tolerance(d tensor.DType) float64 {
	switch d {
	case tensor.Float32:
		return 2e-6
	case tensor.Float64:
		return 1e-12
	}
	return 0
}

func TestAgainstKeras(t *testing.T) {
	for _, c := range goldens() {
		t.Run(c.Op+"/"+c.name(), func(t *testing.T) {
			in := c.inputs(false)
			g, out, grads, f := c.build(t, in)
			if len(out) != len(c.Out) {
				t.Fatalf("%d outputs, want %d", len(out), len(c.Out))
			}
			for i, got := range run(t, g, out, f) {
				want := c.Out[i].tensor()
				compare(t, fmt.Sprintf("output %d", i), got, want, tolerance(want.DType()))
			}
			for i, want := range c.Grad {
				what := fmt.Sprintf("gradient %d", i)
				switch {
				case want == nil:
					continue // an integer input, or a function that is flat
				case !grads[i].OK():
					// None and zeros are the same.
					compare(t, what, tensor.New(in[i].DType(), in[i].Shape()...), want.tensor(), 0)
				default:
					compare(t, what, run(t, g, grads[i:i+1], f)[0], want.tensor(), tolerance(in[i].DType()))
				}
			}
		})
	}
}
