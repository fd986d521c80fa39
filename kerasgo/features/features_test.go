package features_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/features"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// spaces are those of testdata/record.py.
var spaces = map[string]features.Config{
	"all": {
		Features: map[string]any{
			"age": "float_normalized", "price": features.FloatDiscretized{NumBins: 5}, "city": "string_categorical",
			"code": features.IntegerCategorical{MaxTokens: 6, NumOOVIndices: new(2)}, "id": features.IntegerHashed{NumBins: 7},
		},
		Crosses:     []features.Cross{{Features: []string{"city", "code"}}, {Features: []string{"price", "id"}, CrossingDim: 10}},
		CrossingDim: 16,
	},
	"apart": {
		Features: map[string]any{
			"age": "float", "price": features.FloatRescaled{Scale: 0.5, Offset: 1}, "city": features.StringHashed{NumBins: 4, OutputMode: "int"}, "code": features.IntegerCategorical{OutputMode: "int"},
		},
		Crosses:    []features.Cross{{Features: []string{"city", "code"}, CrossingDim: 9, OutputMode: "int"}},
		OutputMode: "dict",
	},
	"text": {
		Features: map[string]any{
			"text": features.Feature{DType: "string", Preprocessor: layers.TextVectorization{OutputMode: "tf_idf"}, OutputMode: "float"},
			"city": features.StringCategorical{MaxTokens: 4}, "age": features.FloatDiscretized{NumBins: 3, OutputMode: "int"}, "price": "float_normalized",
		},
		Crosses:    []features.Cross{{Features: []string{"age", "city"}}},
		OutputMode: "dict",
	},
}

type record struct {
	Keras string
	Table struct {
		Age, Price []float32
		City, Text []string
		Code, ID   []int64
	}
	Spaces map[string]map[string]struct {
		Shape []int
		Data  []float64
	}
}

func load(t *testing.T) record {
	t.Helper()
	raw, err := os.ReadFile("testdata/spaces.json")
	if err != nil {
		t.Fatal(err)
	}
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	if r.Keras == "" || len(r.Spaces) != len(spaces) {
		t.Fatal("the record is incomplete")
	}
	return r
}

// table returns the first n samples.
func (r record) table(n int) map[string]*tensor.Tensor {
	return map[string]*tensor.Tensor{
		"age": tensor.From(r.Table.Age[:n]), "price": tensor.From(r.Table.Price[:n]), "city": tensor.From(r.Table.City[:n]),
		"text": tensor.From(r.Table.Text[:n]), "code": tensor.From(r.Table.Code[:n]), "id": tensor.From(r.Table.ID[:n]),
	}
}

func (r record) check(t *testing.T, what, name string, s *features.Space) {
	t.Helper()
	out := map[string]*tensor.Tensor{}
	var err error
	if spaces[name].OutputMode == "dict" {
		out, err = s.TransformByName(r.table(9))
	} else {
		out[""], err = s.Transform(r.table(9))
	}
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if len(out) != len(r.Spaces[name]) {
		t.Errorf("%s: %d features, Keras has %d", what, len(out), len(r.Spaces[name]))
	}
	for k, want := range r.Spaces[name] {
		got := out[k]
		if got == nil || !got.Shape().Equal(want.Shape) {
			t.Errorf("%s: %s is %v, Keras has shape %v", what, k, got, want.Shape)
			continue
		}
		for i, w := range want.Data {
			if d := math.Abs(got.Float64At(i) - w); !(d <= 1e-5*max(1, math.Abs(w))) {
				t.Errorf("%s: %s: element %d is %v, Keras has %v", what, k, i, got.Float64At(i), w)
				break
			}
		}
	}
}

// TestSpaces holds spaces against Keras: adapted here, loaded from Keras's file, and
// saved and loaded.
func TestSpaces(t *testing.T) {
	r := load(t)
	for name, c := range spaces {
		t.Run(name, func(t *testing.T) {
			s, err := features.New(c)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Adapt(r.table(len(r.Table.Age))); err != nil {
				t.Fatal(err)
			}
			r.check(t, "adapted", name, s)
			file := filepath.Join(t.TempDir(), "space.keras")
			if err := s.Save(file); err != nil {
				t.Fatal(err)
			}
			for what, path := range map[string]string{"saved and loaded": file, "Keras's": "testdata/" + name + ".keras"} {
				if s, err = features.Load(path); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				r.check(t, what, name, s)
			}
		})
	}
}

// TestSpacesExchange lets real Keras load what was saved here.
func TestSpacesExchange(t *testing.T) {
	py := os.Getenv("KERASGO_PYTHON")
	if py == "" {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	r, dir := load(t), t.TempDir()
	for name, c := range spaces {
		s := keras.Must(features.New(c))
		if err := s.Adapt(r.table(len(r.Table.Age))); err != nil {
			t.Fatal(err)
		}
		if err := s.Save(filepath.Join(dir, name+".keras")); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(py, "-B", "testdata/record.py", dir)
	cmd.Env = append(os.Environ(), "KERAS_BACKEND=tensorflow", "TF_CPP_MIN_LOG_LEVEL=3", "CUDA_VISIBLE_DEVICES=-1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestModelOfSpace trains a model on raw columns.
func TestModelOfSpace(t *testing.T) {
	r := load(t)
	s := keras.Must(features.New(spaces["all"]))
	if _, _, err := s.Graph(); err == nil || !strings.Contains(err.Error(), "call Adapt first") {
		t.Errorf("a graph before Adapt: %v", err)
	}
	n := len(r.Table.Age)
	if err := s.Adapt(r.table(n)); err != nil {
		t.Fatal(err)
	}
	inputs, encoded, err := s.Graph()
	if err != nil {
		t.Fatal(err)
	}
	m := keras.NewModel(inputs, keras.Apply(layers.Dense{Units: 1}, encoded))
	if err := m.Compile(keras.Compile{Loss: "mse", Optimizer: "adam"}); err != nil {
		t.Fatal(err)
	}
	x := r.table(n)
	delete(x, "text")
	h, err := m.Fit(x, tensor.New(tensor.Float32, n, 1), keras.Fit{Epochs: 3, Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	if l := h.History["loss"]; !(l[2] < l[0]) {
		t.Errorf("the loss goes %v", l)
	}
}

func TestErrors(t *testing.T) {
	for want, c := range map[string]features.Config{
		"there are no features":                   {},
		`did you mean "float_normalized"?`:        {Features: map[string]any{"a": "float_normalised"}},
		`feature "a" is a int`:                    {Features: map[string]any{"a": 3}},
		`output_mode is "list"`:                   {Features: map[string]any{"a": "float"}, OutputMode: "list"},
		`names "b", which is no feature`:          {Features: map[string]any{"a": "float"}, Crosses: []features.Cross{{Features: []string{"a", "b"}}}},
		"combines two features or more":           {Features: map[string]any{"a": "float"}, Crosses: []features.Cross{{Features: []string{"a"}}}},
		`feature "a": output_mode is "sparse"`:    {Features: map[string]any{"a": features.StringHashed{OutputMode: "sparse"}}},
		`the cross a_X_b: output_mode is "float"`: {Features: map[string]any{"a": "string_hashed", "b": "string_hashed"}, Crosses: []features.Cross{{Features: []string{"a", "b"}, OutputMode: "float"}}},
	} {
		if _, err := features.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	s := keras.Must(features.New(features.Config{Features: map[string]any{"a": features.StringHashed{OutputMode: "int"}}}))
	if _, err := s.Transform(map[string]*tensor.Tensor{"a": tensor.From([]string{"x"})}); err == nil || !strings.Contains(err.Error(), "holds codes") {
		t.Errorf("codes side by side: %v", err)
	}
	if err := s.Save("a.h5"); err == nil || !strings.Contains(err.Error(), "suffix") {
		t.Errorf("another suffix: %v", err)
	}
}
