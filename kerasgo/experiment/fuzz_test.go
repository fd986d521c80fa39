package experiment

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/spec"
)

// FuzzSpec reads any bytes as a spec file with an override: no panic, every error in the file or the
// option, and what parses can be validated, and resolved and parsed again.
func FuzzSpec(f *testing.F) {
	files, err := filepath.Glob("testdata/errors/*.[yj]*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src, "fit.epochs=3")
	}
	f.Add([]byte(tinySpec), "model.dense.units=4")
	f.Add([]byte(tinySpec), "compile.loss_weights=[2]")
	f.Fuzz(func(t *testing.T, src []byte, set string) {
		e, errs := Parse("f.yaml", src, []Override{{Option: "--set[0]", Text: set}})
		for _, x := range errs {
			if !x.Pos.IsValid() || x.Code == "" || x.Msg == "" {
				t.Fatalf("%+v has no place, code or message", x)
			}
			if file := x.Pos.File(); file != "f.yaml" && file != "--set[0]" {
				t.Fatalf("%v lies in %q", x, file)
			}
		}
		if err := errs.Write(io.Discard, spec.Report{}); err != nil {
			t.Fatal(err)
		}
		if len(errs) > 0 {
			return
		}
		o, err := e.Resolved(false)
		if err != nil {
			t.Fatal(err)
		}
		if _, errs := Parse("f.yaml", spec.YAML(o), nil); len(errs) > 0 {
			t.Fatalf("%v in the resolved text\n%s", errs, spec.YAML(o))
		}
		if e.Model == nil || !strings.Contains(string(src)+set, "load_model") { // which would read files
			for _, x := range e.Validate() {
				if !x.Pos.IsValid() || x.Msg == "" {
					t.Fatalf("%+v has no place or message", x)
				}
			}
		}
	})
}
