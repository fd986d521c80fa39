package oracle_test

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// array is a recorded tensor: little-endian elements in base64.
type array struct {
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
	Data  []byte `json:"data"` // encoding/json decodes base64
}

// tensor returns the array; integers become int32, everything else float32.
func (a *array) tensor(t testing.TB) *tensor.Tensor {
	t.Helper()
	n := tensor.Shape(a.Shape).Size()
	switch {
	case a.DType == "int32" && len(a.Data) == 4*n:
		d := make([]int32, n)
		for i := range d {
			d[i] = int32(binary.LittleEndian.Uint32(a.Data[4*i:]))
		}
		return tensor.From(d, a.shape()...)
	case a.DType == "float32" && len(a.Data) == 4*n:
		d := make([]float32, n)
		for i := range d {
			d[i] = math.Float32frombits(binary.LittleEndian.Uint32(a.Data[4*i:]))
		}
		return tensor.From(d, a.shape()...)
	}
	t.Fatalf("recorded array of type %s and shape %v has %d bytes", a.DType, a.Shape, len(a.Data))
	return nil
}

func (a *array) shape() []int { return append([]int{}, a.Shape...) }

// load reads the cases of a recorded file.
func load[T any](t testing.TB, name string) []T {
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
		Keras string `json:"keras"`
		Cases []T    `json:"cases"`
	}
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	if file.Keras == "" || len(file.Cases) == 0 {
		t.Fatalf("%s: no Keras version or no cases", name)
	}
	return file.Cases
}

// decode builds the registered object that Keras's JSON describes.
func decode(t testing.TB, object json.RawMessage, kind string) any {
	t.Helper()
	n, errs := spec.Parse("recorded", object)
	if errs.Err() != nil {
		t.Fatal(errs)
	}
	v, errs := spec.Decode(n, kind)
	if errs.Err() != nil {
		t.Fatal(errs)
	}
	return v
}

// largest keeps the largest error of each family for the log.
type largest map[string]float64

func (l largest) note(family string, e float64) { l[family] = max(l[family], e) }

func (l largest) log(t *testing.T) {
	t.Cleanup(func() {
		for _, k := range slices.Sorted(maps.Keys(l)) {
			t.Logf("largest error of %s: %.2g", k, l[k])
		}
	})
}

// compare fails when got differs from the recorded array by more than tol,
// relative to the largest recorded element (or 1 when all are smaller). It returns
// the relative error.
func compare(t *testing.T, what string, got *tensor.Tensor, want *array, tol float64) float64 {
	t.Helper()
	w := want.tensor(t)
	if !got.Shape().Equal(w.Shape()) {
		t.Errorf("%s: shape %v, Keras has %v", what, got.Shape(), w.Shape())
		return 0
	}
	scale := 1.0
	for i := range w.Size() {
		if a := math.Abs(w.Float64At(i)); !math.IsInf(a, 0) {
			scale = max(scale, a)
		}
	}
	worst, at := 0.0, 0
	for i := range w.Size() {
		if got.Float64At(i) == w.Float64At(i) {
			continue // infinities too
		}
		d := math.Abs(got.Float64At(i)-w.Float64At(i)) / scale
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > worst {
			worst, at = d, i
		}
	}
	if worst > tol {
		t.Errorf("%s: error %.3g of the largest element; element %d is %v, Keras has %v", what, worst, at, got.Float64At(at), w.Float64At(at))
	}
	return worst
}

// sameConfig compares a configuration with Keras's. What ours leaves out must be
// at its default or ignored by the class; DTypePolicy objects are their name;
// lists of one integer equal the integer.
func sameConfig(t *testing.T, path string, class *spec.Class, ours, keras any) {
	t.Helper()
	a, b := simple(ours), simple(keras)
	am, ok1 := a.(map[string]any)
	bm, ok2 := b.(map[string]any)
	if !ok1 || !ok2 {
		x, ok1 := a.([]any)
		y, ok2 := b.([]any)
		if ok1 && ok2 && len(x) == len(y) {
			for i := range x {
				sameConfig(t, fmt.Sprintf("%s[%d]", path, i), nil, x[i], y[i])
			}
			return
		}
		if !sameValue(a, b) {
			t.Errorf("%s: config %v, Keras has %v", path, a, b)
		}
		return
	}
	if name, ok := bm["class_name"].(string); ok && name != "function" {
		c, ok := spec.Lookup(kindOf(bm), name)
		if !ok {
			t.Errorf("%s: class %s is not registered", path, name)
			return
		}
		for _, key := range []string{"module", "class_name", "registered_name"} {
			if key == "class_name" && c.FileName != "" && am[key] == c.FileName {
				continue // the name that older versions know
			}
			if !sameValue(am[key], bm[key]) {
				t.Errorf("%s.%s: %v, Keras has %v", path, key, am[key], bm[key])
			}
		}
		sameConfig(t, path+"."+name, c, am["config"], bm["config"])
		return
	}
	for key, v := range am {
		w, ok := bm[key]
		if !ok {
			t.Errorf("%s: Keras's config has no %s", path, key)
			continue
		}
		sameConfig(t, path+"."+key, nil, v, w)
	}
	for key, w := range bm {
		if _, ok := am[key]; !ok && !mayMiss(class, key) {
			t.Errorf("%s: config lacks %s = %v", path, key, w)
		}
	}
}

// kindOf returns the kind that an object's module implies.
func kindOf(object map[string]any) string {
	for _, c := range spec.Classes("") {
		if c.Module == object["module"] {
			return c.Kind
		}
	}
	return ""
}

func mayMiss(c *spec.Class, key string) bool {
	if c == nil {
		return false
	}
	for _, e := range c.Ignored {
		if e == key || len(e) > len(key) && e[:len(key)+1] == key+"=" {
			return true // Decode has checked that the value is the default
		}
	}
	f, ok := c.Field(key)
	return ok && (f.Since != "" || f.OmitDefault)
}

// simple turns JSON values into plain Go ones: float64, string, bool, nil, []any
// and map[string]any.
func simple(v any) any {
	switch x := v.(type) {
	case *spec.Object:
		var m any
		if err := json.Unmarshal(spec.JSON(x, 0), &m); err != nil {
			panic(err)
		}
		return simple(m)
	case int:
		return float64(x)
	case map[string]any:
		if x["class_name"] == "DTypePolicy" {
			return x["config"].(map[string]any)["name"]
		}
	case []any:
		if len(x) == 1 {
			return simple(x[0])
		}
	}
	return v
}

func sameValue(a, b any) bool {
	a, b = simple(a), simple(b)
	x, ok1 := a.(float64)
	y, ok2 := b.(float64)
	if ok1 && ok2 {
		return math.Abs(x-y) <= 1e-6*max(1, math.Abs(y))
	}
	l, ok1 := a.([]any)
	m, ok2 := b.([]any)
	if ok1 && ok2 && len(l) == len(m) {
		for i := range l {
			if !sameValue(l[i], m[i]) {
				return false
			}
		}
		return true
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}
