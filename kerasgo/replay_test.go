package keras_test

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/mnist"
	"github.com/kerasgo/kerasgo/spec"
)

// The goldens hold Keras's answers only: data and weights are numbers that
// testdata/gen/replay.py and this file make from the same formula.

// golden reads the cases of a recorded file.
func golden[T any](t testing.TB, name string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Keras string
		Cases []T
	}
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	if file.Keras == "" || len(file.Cases) == 0 {
		t.Fatalf("%s: no Keras version or no cases", name)
	}
	return file.Cases
}

// units returns n numbers in [0, 1) with 24 bits: splitmix64 of the index.
func units(n, seed int) []float64 {
	out := make([]float64, n)
	for i := range out {
		z := (uint64(i) + 1 + uint64(seed)*1000003) * 0x9E3779B97F4A7C15
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		out[i] = float64(z>>40) / (1 << 24)
	}
	return out
}

// made describes an array.
type made struct {
	Make   string
	Seed   int
	Shape  []int
	Lo, Hi *float64
	Below  int
	DType  string
	OneHot bool
	Padded bool // row i ends after 1 + i modulo the length
}

var digits = sync.OnceValues(func() (*tensor.Tensor, *tensor.Tensor) {
	x, y, _, _, err := mnist.LoadData() // uint8
	if err != nil {
		panic(err)
	}
	return x, y
})

func (m made) tensor(t testing.TB) *tensor.Tensor {
	t.Helper()
	n := tensor.Shape(m.Shape).Size()
	dtype := tensor.Float32
	switch m.DType {
	case "", "float32":
	case "bool":
		dtype = tensor.Bool
	default:
		var err error
		if dtype, err = tensor.ParseDType(m.DType); err != nil {
			t.Fatal(err)
		}
	}
	var values []float64
	shape := m.Shape
	switch m.Make {
	case "uniform":
		lo, hi := -1.0, 1.0
		if m.Lo != nil {
			lo = *m.Lo
		}
		if m.Hi != nil {
			hi = *m.Hi
		}
		values = units(n, m.Seed)
		for i, u := range values {
			values[i] = lo + (hi-lo)*u
		}
	case "ints":
		values = units(n, m.Seed)
		for i, u := range values {
			values[i] = math.Floor(u * float64(m.Below))
			if steps := m.Shape[len(m.Shape)-1]; m.Padded && i%steps > i/steps%steps {
				values[i] = 0
			}
		}
	case "onehot":
		values = make([]float64, n*m.Below)
		for i, u := range units(n, m.Seed) {
			values[i*m.Below+int(u*float64(m.Below))] = 1
		}
		shape = append(append([]int{}, m.Shape...), m.Below)
	case "mnist":
		images, _ := digits()
		values = make([]float64, n)
		for i := range values {
			values[i] = images.Float64At(i)
			if dtype == tensor.Float32 {
				values[i] = float64(float32(values[i]) / 255)
			}
		}
	case "mnist_labels":
		_, labels := digits()
		if m.OneHot {
			shape = []int{n, 10}
			values = make([]float64, n*10)
			for i := range n {
				values[i*10+int(labels.Float64At(i))] = 1
			}
			break
		}
		values = make([]float64, n)
		for i := range values {
			values[i] = labels.Float64At(i)
		}
	default:
		t.Fatalf("unknown data %q", m.Make)
	}
	out := tensor.New(dtype, shape...)
	for i, v := range values {
		out.SetFloat64At(i, v)
	}
	return out
}

// arrays makes one array, a list or a map of them. Lists with places left free are
// []any, as a user may write them.
func arrays(t testing.TB, raw json.RawMessage) any {
	t.Helper()
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if raw[0] == '[' {
		var list []*made
		parse(t, raw, &list)
		if slices.Contains(list, nil) {
			out := make([]any, len(list))
			for i, m := range list {
				if m != nil {
					out[i] = m.tensor(t)
				}
			}
			return out
		}
		out := make([]*tensor.Tensor, len(list))
		for i, m := range list {
			out[i] = m.tensor(t)
		}
		return out
	}
	var m made
	parse(t, raw, &m)
	if m.Make != "" {
		return m.tensor(t)
	}
	var byName map[string]*made
	parse(t, raw, &byName)
	out := map[string]*tensor.Tensor{}
	for k, m := range byName {
		if out[k] = nil; m != nil {
			out[k] = m.tensor(t)
		}
	}
	return out
}

func parse(t testing.TB, raw []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%v in %.200s", err, raw)
	}
}

// start gives every weight numbers of the formula, as the recorder does.
func start(t testing.TB, m *keras.Model, shapes [][]int, seed int) {
	t.Helper()
	vars := m.Weights()
	if len(vars) != len(shapes) {
		var paths []string
		for _, v := range vars {
			paths = append(paths, v.Path())
		}
		t.Fatalf("%d weights (%v), Keras has %d", len(vars), paths, len(shapes))
	}
	var list []*tensor.Tensor
	for i, v := range vars {
		if !v.Shape().Equal(shapes[i]) {
			t.Fatalf("weight %d (%s) has shape %v, Keras's has %v", i, v.Path(), v.Shape(), shapes[i])
		}
		w := tensor.New(tensor.Float32, shapes[i]...)
		fan := 25.0
		if len(shapes[i]) > 1 {
			fan = float64(tensor.Shape(shapes[i][:len(shapes[i])-1]).Size())
		}
		positive := strings.Contains(v.Path(), "variance") || strings.Contains(v.Path(), "gamma")
		for k, u := range units(w.Size(), seed+i) {
			x := (2*u - 1) * math.Sqrt(3/fan)
			if positive {
				x = 0.5 + u
			}
			w.Float32s()[k] = float32(x)
		}
		list = append(list, w)
	}
	if err := m.SetWeights(list); err != nil {
		t.Fatal(err)
	}
}

// sampled is a recorded array, or every step-th element of it.
type sampled struct {
	Size, Step int
	Data       string
}

// differs returns the largest difference, relative to the largest recorded
// element or to 1e-2 when all are smaller.
func (s sampled) differs(t testing.TB, got *tensor.Tensor) float64 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(s.Data)
	if err != nil {
		t.Fatal(err)
	}
	if got.Size() != s.Size {
		t.Errorf("%d elements (shape %v), Keras has %d", got.Size(), got.Shape(), s.Size)
		return 0
	}
	worst, scale := 0.0, 1e-2
	for i := 0; i*4 < len(raw); i++ {
		want := float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
		scale = max(scale, math.Abs(want))
		if d := math.Abs(got.Float64At(i*s.Step) - want); d > worst || math.IsNaN(d) {
			worst = d
		}
	}
	if math.IsNaN(worst) {
		return math.Inf(1)
	}
	return worst / scale
}

// value is a recorded number; "nan", "inf" and "-inf" are strings in JSON.
type value float64

func (v *value) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		return json.Unmarshal(b, (*float64)(v))
	}
	x, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	*v = value(x)
	return err
}

// away returns how far got is from want, relative to want or to 1e-2. What has
// overflowed may be NaN on one side and infinite on the other.
func away(got float64, want value) float64 {
	w := float64(want)
	overflown := func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
	if overflown(w) && overflown(got) || got == w {
		return 0
	}
	d := math.Abs(got-w) / max(math.Abs(w), 1e-2)
	if math.IsNaN(d) {
		return math.Inf(1)
	}
	return d
}

// decodeCompile reads recorded arguments of compile.
func decodeCompile(t testing.TB, raw []byte) keras.Compile {
	t.Helper()
	n, errs := spec.Parse("compile", raw)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	var c keras.Compile
	if errs := spec.DecodeStruct(n, &c); len(errs) > 0 {
		t.Fatal(errs)
	}
	return c
}

// decodeModel makes a model from recorded JSON.
func decodeModel(t testing.TB, text string) *keras.Model {
	t.Helper()
	n, errs := spec.Parse("model", []byte(text))
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	m, errs := keras.Decode(n)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return m
}
