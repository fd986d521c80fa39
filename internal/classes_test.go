package internal_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/spec"

	_ "github.com/kerasgo/kerasgo/kerasgo/experiment" // and with it every package that registers classes
	_ "github.com/kerasgo/kerasgo/spec/docs"
)

// recorded says where the oracle keeps the cases of a kind: the files, and the path
// in a case to the class, as an object of Keras or as a name.
var recorded = map[string]struct{ files, path string }{
	"layer":       {"layers rnn layers3d attention adaptive image application_layers core assigned spectral augment elastic audio preprocessing lambda", "cls"},
	"activation":  {"functions", "function"},
	"initializer": {"functions", "object"},
	"regularizer": {"functions", "object"},
	"constraint":  {"functions", "object"},
	"loss":        {"losses ctc", "loss"},
	"metric":      {"metrics", "metric"},
	"optimizer":   {"optimizers optimizers_jax optimizers_multi", "optimizer"},
	"schedule":    {"schedules", "schedule"},
	"callback":    {"callbacks callbacks_fit", "callback"},
	"op":          {"operations operations_basics operations_images operations_matrices", "cls"},
}

// Models are held against Keras by whole files, in package kerasgo.
var unrecorded = map[string]bool{"model": true}

// Classes that Keras 3.15.1 computes wrongly; their packages test them against
// numbers of their own.
var wrongInKeras = map[string]bool{"sparsemax": true}

// cases returns the names of the classes of a kind that have recorded cases.
func cases(t *testing.T, kind string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, file := range strings.Fields(recorded[kind].files) {
		addCases(t, kind, file, names)
	}
	return names
}

func addCases(t *testing.T, kind, name string, names map[string]bool) {
	t.Helper()
	f, err := os.Open(filepath.Join("../kerasgo/oracle/testdata", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Keras string                       `json:"keras"`
		Cases []map[string]json.RawMessage `json:"cases"`
	}
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	if file.Keras == "" {
		t.Errorf("%s does not say which Keras recorded it", f.Name())
	}
	for _, c := range file.Cases {
		if k, ok := c["kind"]; ok && string(k) != `"`+kind+`"` {
			continue
		}
		text := c[recorded[kind].path]
		var name string
		var object struct {
			ClassName string `json:"class_name"`
		}
		switch {
		case json.Unmarshal(text, &name) == nil:
		case json.Unmarshal(text, &object) == nil:
			name = object.ClassName
		}
		if class, ok := spec.Lookup(kind, name); ok {
			name = class.Name
		}
		names[name] = true
	}
}

// Parts of other classes, which are recorded with them.
var partOfOther = map[string]bool{"OptimizerMap": true}

// Every registered class of Keras has cases recorded from real Keras.
func TestClassesHaveCases(t *testing.T) {
	have := map[string]map[string]bool{}
	for _, c := range spec.Classes("") {
		_, known := recorded[c.Kind]
		switch {
		case unrecorded[c.Kind] || wrongInKeras[c.Name] || partOfOther[c.Name] || !strings.HasPrefix(c.Module, "keras."):
			continue // what Keras 3 does not have, its own package tests
		case !known:
			t.Errorf("%s %s: nothing holds this kind against Keras", c.Kind, c.Name)
			continue
		case have[c.Kind] == nil:
			have[c.Kind] = cases(t, c.Kind)
		}
		if !have[c.Kind][c.Name] {
			t.Errorf("%s %s has no recorded case; add one to kerasgo/oracle/gen", c.Kind, c.Name)
		}
	}
	for kind := range recorded {
		if len(have[kind]) == 0 {
			t.Errorf("no %s is registered, or none has a case", kind)
		}
	}
}

// Every registered class, and every argument but the common ones, has a comment.
func TestClassesAreDocumented(t *testing.T) {
	common := map[string]bool{"name": true, "trainable": true, "dtype": true, "input_shape": true, "activity_regularizer": true}
	for _, c := range spec.Classes("") {
		doc := c.Doc()
		if strings.TrimSpace(doc.Text) == "" {
			t.Errorf("%s %s has no doc comment, or spec/docs is not current (go generate ./spec/docs)", c.Kind, c.Name)
			continue
		}
		if c.Type != nil && !strings.HasPrefix(doc.Text, c.Name+" ") {
			t.Errorf("%s %s: the doc comment does not begin with the name: %q", c.Kind, c.Name, doc.Text)
		}
		for _, f := range c.Fields {
			if doc.Fields[f.Name] == "" && !common[f.Name] {
				t.Errorf("%s %s: argument %s has no comment", c.Kind, c.Name, f.Name)
			}
		}
	}
}

// The four fields that all layers share stand in every layer, with one spelling,
// one type and one tag, since they cannot be embedded.
func TestLayersCarryTheCommonFields(t *testing.T) {
	want := []reflect.StructField{
		{Name: "Name", Type: reflect.TypeFor[string](), Tag: `keras:"name"`},
		{Name: "Trainable", Type: reflect.TypeFor[*bool](), Tag: `keras:"trainable,default=true"`},
		{Name: "DType", Type: reflect.TypeFor[string](), Tag: `keras:"dtype"`},
		{Name: "InputShape", Type: reflect.TypeFor[[]int](), Tag: `keras:"input_shape,shape,noconfig"`},
	}
	layers := spec.Classes("layer")
	if len(layers) == 0 {
		t.Fatal("no layers")
	}
	for _, c := range layers {
		if c.Name == "InputLayer" { // is nothing but a shape, and has it under Keras's other names
			want := want[0]
			if f, ok := c.Type.FieldByName(want.Name); !ok || f.Type != want.Type {
				t.Errorf("InputLayer has no %s", want.Name)
			}
			continue
		}
		for _, w := range want {
			f, ok := c.Type.FieldByName(w.Name)
			if unwritten := strings.TrimSuffix(string(w.Tag), `"`) + `,noconfig"`; string(f.Tag) == unwritten {
				f.Tag = w.Tag // Keras's files leave it out for a few layers
			}
			if !ok || f.Type != w.Type || f.Tag != w.Tag {
				t.Errorf("%s: the field %s must be %s %v `%s`, is %v `%s`", c.Name, w.Name, w.Name, w.Type, w.Tag, f.Type, f.Tag)
			}
		}
	}
}
