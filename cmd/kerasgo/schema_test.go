package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kerasgo/kerasgo/examples"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
)

const schemaFile = "../../docs/kerasgo.schema.json"

func TestSchemaIsCurrent(t *testing.T) {
	want, err := experiment.Schema()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/kerasgo.schema.json is not current; run: go generate ./cmd/kerasgo")
	}
}

// compile reads the schema and holds it against its own meta-schema, draft 7.
func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := experiment.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if v := doc.(map[string]any)["$schema"]; v != "http://json-schema.org/draft-07/schema#" {
		t.Errorf("$schema is %v", v)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	if err := c.AddResource("kerasgo.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("kerasgo.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plainJSON turns a spec into what the validator takes.
func plainJSON(t *testing.T, file string, src []byte) any {
	t.Helper()
	n, errs := spec.Parse(file, src)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(spec.JSON(n.Plain(), 0), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSchemaTakesExamples validates the examples, as given and with all defaults.
func TestSchemaTakesExamples(t *testing.T) {
	s := compile(t)
	files, err := fs.Glob(examples.Specs, "*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		src, err := examples.Specs.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(plainJSON(t, file, src)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		e, errs := experiment.Parse(file, src, nil)
		if err := errs.Err(); err != nil {
			t.Fatal(err)
		}
		full, err := e.Resolved(true)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(plainJSON(t, file, spec.YAML(full))); err != nil {
			t.Errorf("%s with all defaults: %v", file, err)
		}
	}
}

// TestSchemaRefuses checks that the schema finds what editors should underline.
func TestSchemaRefuses(t *testing.T) {
	s := compile(t)
	for _, name := range []string{"unknown_section", "unknown_key_fit", "unknown_layer", "unknown_optimizer", "type_string", "bad_enum", "negative_units",
		"missing_positional", "unknown_key_data", "unknown_model", "bad_split"} {
		file := filepath.Join("../../kerasgo/experiment/testdata/errors", name+".yaml")
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(plainJSON(t, file, src)) == nil {
			t.Errorf("the schema takes %s", strings.TrimPrefix(file, "../../"))
		}
	}
}
