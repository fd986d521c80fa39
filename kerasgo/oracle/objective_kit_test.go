package oracle_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Helpers of the tests of losses, metrics, optimizers, schedules and callbacks.
// Their recordings are written by gen/objective.py.

// num is a recorded float32: a JSON number, or a string when it is not finite.
type num float64

// UnmarshalJSON reads both forms.
func (n *num) UnmarshalJSON(b []byte) error {
	x, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	*n = num(x)
	return err
}

// runner runs a graph with its assigns and returns the wanted values.
type runner func() ([]*tensor.Tensor, error)

// engines are the two ways to run a graph: the ops' own loops, and compiled. Inputs
// are read at every run.
var engines = map[string]func(g *graph.Graph, want []graph.Value, in graph.Feeds) runner{
	"eval": func(g *graph.Graph, want []graph.Value, in graph.Feeds) runner {
		return func() ([]*tensor.Tensor, error) { return graph.Run(g, want, in, true) }
	},
	"compiled": prepareProgram,
}

func prepareProgram(g *graph.Graph, want []graph.Value, in graph.Feeds) runner {
	p, err := plan.Compile(g, want)
	if err != nil {
		return func() ([]*tensor.Tensor, error) { return nil, err }
	}
	f, err := p.NewFrame(in.Variables, run.Default().Size())
	return func() ([]*tensor.Tensor, error) {
		if err != nil {
			return nil, err
		}
		for name, x := range in.Inputs {
			if i := p.InputIndex(name); i >= 0 {
				if err := f.SetInput(i, x); err != nil {
					return nil, err
				}
			}
		}
		if err := run.Default().Run(f); err != nil {
			return nil, err
		}
		out := make([]*tensor.Tensor, len(want))
		for i := range want {
			out[i] = f.Output(i).Clone()
		}
		return out, nil
	}
}

// recording is an array, or nil.
type recording struct {
	DType string
	Shape []int
	Data  []num
}

func (r *recording) tensor() *tensor.Tensor {
	dtype, err := tensor.ParseDType(r.DType)
	if err != nil {
		panic(err)
	}
	t := tensor.New(dtype, r.Shape...)
	for i, v := range r.Data {
		t.SetFloat64At(i, float64(v))
	}
	return t
}

// value puts the array into a graph as an input of that name; nil gives the zero
// Value.
func (r *recording) value(g *graph.Graph, in graph.Feeds, name string) graph.Value {
	if r == nil {
		return graph.Value{}
	}
	t := r.tensor()
	in.Inputs[name] = t
	return g.Input(name, graph.Spec{DType: t.DType(), Shape: t.Shape()})
}

// loadCases reads the cases of testdata/<name>.json.gz.
func loadCases[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".json.gz")
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
	if len(file.Cases) == 0 {
		t.Fatalf("%s: no cases", name)
	}
	return file.Cases
}

// decodeObject turns Keras's JSON form of an object into the completed struct and holds
// the configuration that comes back against Keras's.
func decodeObject(t *testing.T, kind string, raw json.RawMessage) any {
	t.Helper()
	node, errs := spec.Parse("case.json", raw)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	v, errs := spec.Decode(node, kind)
	if len(errs) > 0 {
		t.Fatalf("%s: %v", raw, errs)
	}
	sameKerasConfig(t, raw, v)
	return v
}

// sameKerasConfig checks that v serializes to Keras's text. Keys may be left out where
// the class says so and the value is the default; order must agree.
func sameKerasConfig(t *testing.T, raw json.RawMessage, v any) {
	t.Helper()
	o, err := spec.Serialize(v)
	if err != nil {
		t.Fatal(err)
	}
	var got, want struct {
		Module, Class_name string
		Config             json.RawMessage
	}
	for text, into := range map[string]any{string(spec.JSON(o, 0)): &got, string(raw): &want} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	if got.Module != want.Module || got.Class_name != want.Class_name {
		t.Errorf("serialized as %s.%s, want %s.%s", got.Module, got.Class_name, want.Module, want.Class_name)
	}
	gotKeys, gotVals := jsonPairs(t, got.Config)
	wantKeys, wantVals := jsonPairs(t, want.Config)
	class, _ := spec.ClassOf(v)
	wantKeys = slices.DeleteFunc(wantKeys, func(k string) bool {
		f, ok := class.Field(k)
		_, written := gotVals[k]
		return ok && !written && (f.Since != "" || f.OmitDefault)
	})
	if d := cmp.Diff(nameLast(wantKeys), nameLast(gotKeys)); d != "" {
		t.Errorf("%s: keys of the configuration (-Keras +kerasgo):\n%s", class.Name, d)
	}
	for _, k := range gotKeys {
		if d := cmp.Diff(loose(wantVals[k]), loose(gotVals[k])); d != "" {
			t.Errorf("%s: %s (-Keras +kerasgo):\n%s", class.Name, k, d)
		}
	}
}

// nameLast moves name and dtype to the end: their place differs from class to class.
func nameLast(keys []string) []string {
	var head, tail []string
	for _, k := range keys {
		if k == "name" || k == "dtype" {
			tail = append(tail, k)
		} else {
			head = append(head, k)
		}
	}
	slices.Sort(tail)
	return append(head, tail...)
}

// loose makes values comparable that mean the same: 0.001 and its float32, a single
// threshold and a list of one, an object with and without its keys that are null.
func loose(v any) any {
	switch x := v.(type) {
	case float64:
		return float32(x)
	case string:
		if x == "none" { // reduction: Keras takes null too
			return nil
		}
	case []any:
		if len(x) == 1 {
			return loose(x[0])
		}
		out := make([]any, len(x))
		for i := range x {
			out[i] = loose(x[i])
		}
		return out
	case map[string]any:
		if x["class_name"] == "__tensor__" {
			return loose(x["config"].(map[string]any)["value"])
		}
		out := map[string]any{}
		for k, e := range x {
			if e != nil {
				out[k] = loose(e)
			}
		}
		return out
	}
	return v
}

// jsonPairs returns the keys of a JSON object in order, and its values.
func jsonPairs(t *testing.T, raw json.RawMessage) (keys []string, vals map[string]any) {
	t.Helper()
	if err := json.Unmarshal(raw, &vals); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	depth := 0
	for expectKey := false; ; {
		tok, err := d.Token()
		if err != nil {
			return keys, vals
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
			expectKey = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
		default:
			if depth == 1 && expectKey {
				keys = append(keys, tok.(string))
				expectKey = false
				continue
			}
		}
		expectKey = depth == 1
	}
}

// tally collects the largest errors of a family.
type tally struct {
	count map[string]int
	worst map[string]float64
}

func newTally() *tally { return &tally{map[string]int{}, map[string]float64{}} }

// report logs the number of cases of each class and the largest error of each
// quantity.
func (y *tally) report(t *testing.T) {
	t.Logf("cases: %v", y.count)
	t.Logf("largest errors: %v", y.worst)
}

// compare checks an array against a recording; an error is |got-want| relative to
// max(1, |want|).
func (y *tally) compare(t *testing.T, what string, got *tensor.Tensor, want *recording, tol float64) {
	t.Helper()
	if !slices.Equal(got.Shape(), tensor.Shape(want.Shape)) {
		t.Errorf("%s has shape %v, want %v", what, got.Shape(), tensor.Shape(want.Shape))
		return
	}
	for i, w := range want.Data {
		g, w := got.Float64At(i), float64(w)
		if g == w || math.IsNaN(g) && math.IsNaN(w) {
			continue
		}
		e := math.Abs(g-w) / max(1, math.Abs(w))
		kind, rest, _ := strings.Cut(what, " ")
		if strings.HasSuffix(rest, "compiled") {
			kind += " compiled"
		}
		if !(e <= tol) {
			t.Errorf("%s[%d] = %v, want %v (error %.2g)", what, i, g, w, e)
			return
		}
		y.worst[kind] = max(y.worst[kind], e)
	}
}

// everyClass checks that each registered class of a kind has a case.
func (y *tally) everyClass(t *testing.T, kind string) {
	t.Helper()
	classes := spec.Classes(kind)
	if len(classes) == 0 {
		t.Errorf("no %s is registered", kind)
	}
	for _, c := range classes {
		if y.count[c.Name] == 0 && strings.HasPrefix(c.Module, "keras.") {
			t.Errorf("%s %s has no case", kind, c.Name)
		}
	}
}

func className(v any) string { return reflect.TypeOf(v).Name() }

func caseName(i int, v any) string { return fmt.Sprintf("%d/%s", i, className(v)) }
