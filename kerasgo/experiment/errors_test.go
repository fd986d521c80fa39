package experiment

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/spec"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// overridesIn returns the overrides that a test file asks for in comments:
// "# --set path=value" and "# --unset path".
func overridesIn(src string) []Override {
	var list []Override
	sets, unsets := 0, 0
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		if text, ok := strings.CutPrefix(line, "# --set "); ok {
			list = append(list, Override{Option: SetOption("set", sets), Text: text})
			sets++
		}
		if text, ok := strings.CutPrefix(line, "# --unset "); ok {
			list = append(list, Override{Option: SetOption("unset", unsets), Text: text, Unset: true})
			unsets++
		}
	}
	return list
}

// mistakes parses and, if that finds nothing, validates.
func mistakes(file, src string) spec.Errors {
	e, errs := Parse(file, []byte(src), overridesIn(src))
	if len(errs) == 0 {
		errs = e.Validate()
	}
	return errs
}

// TestMessages compares what is printed for testdata/errors/*.yaml with the .want
// file beside each.
func TestMessages(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.[yj]*")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			errs := mistakes(filepath.Base(file), string(src))
			var b strings.Builder
			if err := errs.Write(&b, spec.Report{Outcome: "nothing was trained"}); err != nil {
				t.Fatal(err)
			}
			if len(errs) == 0 {
				t.Error("no mistake found")
			}
			want := strings.TrimSuffix(file, filepath.Ext(file)) + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), b.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
