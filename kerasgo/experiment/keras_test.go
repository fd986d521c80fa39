package experiment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/spec"
)

// TestKerasConfigs pastes configurations that Keras wrote (testdata/keras) under
// model: and takes them as files of their own. Written as YAML and read again they
// make the same model.
func TestKerasConfigs(t *testing.T) {
	files, err := filepath.Glob("testdata/keras/*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pasted := "kerasgo: 1\nmodel: " + string(text) + "\n"
			e, errs := Parse("pasted.yaml", []byte(pasted), nil)
			if errs = append(errs, e.Validate()...); len(errs) > 0 {
				t.Fatal(errs)
			}
			want := configOf(t, e)

			e, errs = Parse(file, text, nil)
			if errs = append(errs, e.Validate()...); len(errs) > 0 {
				t.Fatal(errs)
			}
			if e.Compile == nil {
				t.Error("the section compile is not read")
			}
			for _, full := range []bool{false, true} {
				o, err := e.Resolved(full)
				if err != nil {
					t.Fatal(err)
				}
				again, errs := Parse("again.yaml", spec.YAML(o), nil)
				if errs = append(errs, again.Validate()...); len(errs) > 0 {
					t.Fatalf("%v in\n%s", errs, spec.YAML(o))
				}
				if diff := cmp.Diff(want, configOf(t, again)); diff != "" {
					t.Errorf("full %v: through YAML it is another model:\n%s", full, diff)
				}
			}
		})
	}
}

// configOf returns the configuration of the model without compile_config, indented for comparison.
func configOf(t *testing.T, e *Experiment) []string {
	t.Helper()
	m, errs := e.Build()
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	text, err := m.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	n, errs := spec.Parse("config", []byte(text))
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	o := n.Plain().(*spec.Object)
	o.Delete("compile_config")
	return strings.Split(string(spec.JSON(o, 1)), "\n")
}
