package oracle_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// preprocessingCase is a recorded layer, before and after adapt, and one call of it;
// gen/preprocessing.py says what is in it.
type preprocessingCase struct {
	Class      string          `json:"cls"`
	Object     json.RawMessage `json:"object"`
	Adapt      []*values       `json:"adapt"`
	After      json.RawMessage `json:"after"`
	Vocabulary json.RawMessage `json:"vocabulary"`
	Weights    []*values       `json:"weights"`
	Inputs     []*values       `json:"inputs"`
	Names      []string        `json:"names"`
	Output     *values         `json:"output"`
}

// values is a recorded array of words or numbers.
type values struct {
	DType string          `json:"dtype"`
	Shape []int           `json:"shape"`
	Data  json.RawMessage `json:"data"`
}

func (v *values) tensor(t *testing.T) *tensor.Tensor {
	t.Helper()
	dtype, err := tensor.ParseDType(v.DType)
	if err != nil {
		t.Fatal(err)
	}
	x := tensor.New(dtype, v.Shape...)
	switch dtype {
	case tensor.String:
		parseInto(t, v.Data, tensor.Data[string](x))
	case tensor.Int64:
		parseInto(t, v.Data, tensor.Data[int64](x))
	default:
		list := make([]float64, x.Size())
		parseInto(t, v.Data, list)
		for i, f := range list {
			x.SetFloat64At(i, f)
		}
	}
	return x
}

func parseInto[T any](t *testing.T, raw json.RawMessage, to []T) {
	t.Helper()
	var list []T
	if err := json.Unmarshal(raw, &list); err != nil || len(list) != len(to) {
		t.Fatalf("%d values, want %d: %v", len(list), len(to), err)
	}
	copy(to, list)
}

func preprocessingCases(t *testing.T) []preprocessingCase {
	if file := os.Getenv("KERASGO_PREPROCESSING"); file != "" { // cases of another seed
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []preprocessingCase
		if err := json.Unmarshal(text, &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	return load[preprocessingCase](t, "preprocessing.json.gz")
}

// TestPreprocessing holds the layers of preprocessing against Keras: configuration
// before and after adapt, vocabularies, and a call, in a model of that one layer.
func TestPreprocessing(t *testing.T) {
	errs := largest{}
	errs.log(t)
	count := map[string]int{}
	for _, c := range preprocessingCases(t) {
		count[c.Class]++
		t.Run(fmt.Sprintf("%s/%d", c.Class, count[c.Class]), func(t *testing.T) {
			layer := keras.Share(decode(t, c.Object, "layer"))
			sameObject(t, "before adapt", layer, c.Object)
			if c.Adapt != nil {
				var batches []*tensor.Tensor
				for _, b := range c.Adapt {
					batches = append(batches, b.tensor(t))
				}
				if err := layer.Adapt(batches...); err != nil {
					t.Fatal(err)
				}
			}
			sameObject(t, "after adapt", layer, json.RawMessage(`{"config": `+string(c.After)+`}`))
			if c.Vocabulary != nil {
				got, err := layer.GetVocabulary()
				if err != nil {
					t.Fatal(err)
				}
				want := reflect.New(reflect.TypeOf(got))
				if err := json.Unmarshal(c.Vocabulary, want.Interface()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want.Elem().Interface(), got); diff != "" {
					t.Errorf("vocabulary (-Keras +ours):\n%s", diff)
				}
			}
			out := callAlone(t, layer, c)
			errs.note(c.Class, sameValues(t, "output", out, c.Output))
			for i, w := range c.Weights {
				errs.note(c.Class+" weight", sameValues(t, fmt.Sprint("weight ", i), layer.GetWeights()[i], w))
			}
			if c.Class != "HashedCrossing" && c.Names == nil {
				errs.note(c.Class, sameValues(t, "behind a step", callBehind(t, layer, c), c.Output))
			}
		})
	}
	t.Logf("cases: %v", count)
}

func sameObject(t *testing.T, when string, layer *keras.Layer, want json.RawMessage) {
	t.Helper()
	ours, err := spec.Serialize(layer.Description())
	if err != nil {
		t.Fatal(err)
	}
	var recorded map[string]any
	if err := json.Unmarshal(want, &recorded); err != nil {
		t.Fatal(err)
	}
	c, _ := spec.ClassOf(layer.Description())
	config, cfg := recorded["config"].(map[string]any), ours.Obj("config")
	for k, v := range config {
		if x, ok := cfg.Get(k); k != "name" && (ok && !sameValue(x, v) || !ok && !mayMiss(c, k)) {
			if k == "vocabulary_size" && x == nil && c.Name == "TextVectorization" {
				continue // Keras counts the special tokens before there are others
			}
			t.Errorf("%s: %s is %v, Keras has %v", when, k, x, v)
		}
	}
	for _, k := range cfg.Keys() {
		if _, ok := config[k]; !ok {
			t.Errorf("%s: Keras has no %s", when, k)
		}
	}
}

// callAlone makes a model of the layer and predicts.
func callAlone(t *testing.T, layer *keras.Layer, c preprocessingCase) *tensor.Tensor {
	t.Helper()
	var in []*keras.Symbol
	var x []*tensor.Tensor
	for _, v := range c.Inputs {
		in = append(in, keras.InputWith(layers.InputLayer{Shape: append([]int{}, v.Shape[1:]...), DType: v.DType}))
		x = append(x, v.tensor(t))
	}
	var y *keras.Symbol
	if c.Names != nil {
		y = layer.CallWith(keras.Kwargs{c.Names[1]: in[1]}, in[0])[0]
	} else {
		y = layer.Call(in...)
	}
	return predict(t, keras.NewModel(keras.List(in...), y), x)
}

// callBehind puts the layer behind another one, so that it gets what a step computes:
// for words there is none, and numbers of 64 bits do not survive.
func callBehind(t *testing.T, layer *keras.Layer, c preprocessingCase) *tensor.Tensor {
	t.Helper()
	x := c.Inputs[0].tensor(t)
	if x.DType() != tensor.String {
		for i := range x.Size() {
			if math.Abs(x.Float64At(i)) > 1<<24 {
				return c.Output.tensor(t)
			}
		}
	}
	in := keras.InputWith(layers.InputLayer{Shape: append([]int{}, c.Inputs[0].Shape[1:]...), DType: c.Inputs[0].DType})
	twin := keras.Share(layer.Description())
	return predict(t, keras.NewModel(in, twin.Call(keras.Apply(layers.Identity{}, in))), []*tensor.Tensor{x})
}

func predict(t *testing.T, m *keras.Model, x []*tensor.Tensor) *tensor.Tensor {
	t.Helper()
	out, err := m.Predict(x, keras.Predict{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sameValues compares with a recorded array and returns the largest error.
func sameValues(t *testing.T, what string, got *tensor.Tensor, want *values) float64 {
	t.Helper()
	w := want.tensor(t)
	if !slices.Equal(got.Shape(), w.Shape()) {
		t.Errorf("%s has shape %v, Keras's has %v", what, got.Shape(), w.Shape())
		return 0
	}
	if w.DType() == tensor.String {
		if diff := cmp.Diff(tensor.Data[string](w), tensor.Data[string](got)); diff != "" {
			t.Errorf("%s (-Keras +ours):\n%s", what, diff)
		}
		return 0
	}
	worst := 0.0
	for i := range w.Size() {
		a, b := got.Float64At(i), w.Float64At(i)
		d := math.Abs(a-b) / max(1, math.Abs(b))
		if !(d <= tolerance) && a != b {
			t.Fatalf("%s: element %d is %v, Keras has %v", what, i, a, b)
		}
		worst = max(worst, d)
	}
	return worst
}
