package keras_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// summaryCase is a recorded model with its tables.
type summaryCase struct {
	Name    string
	Model   string
	Built   bool
	Compile json.RawMessage
	Fit     json.RawMessage
	Layers  []string
	Weights []string
	Tables  []struct {
		Width   int
		Options struct {
			ShowTrainable bool `json:"show_trainable"`
			ExpandNested  bool `json:"expand_nested"`
		}
		Text, Error string
	}
}

// TestSummary holds the tables against Keras's, byte for byte, and with them the
// order of layers and weights.
func TestSummary(t *testing.T) {
	graphs := 0
	for _, c := range golden[summaryCase](t, "summary.json.gz") {
		t.Run(c.Name, func(t *testing.T) {
			m := decodeModel(t, c.Model)
			if c.Fit != nil {
				if err := m.Compile(decodeCompile(t, c.Compile)); err != nil {
					t.Fatal(err)
				}
				var args callArgs
				parse(t, c.Fit, &args)
				f := args.fit(t)
				f.Verbose = keras.Silent
				if _, err := m.Fit(arrays(t, args.X), arrays(t, args.Y), f); err != nil {
					t.Fatal(err)
				}
			}
			var names []string
			for _, l := range m.Layers() {
				names = append(names, l.Name())
			}
			if diff := cmp.Diff(c.Layers, names); diff != "" {
				t.Errorf("layers (-Keras +got):\n%s", diff)
			}
			if strings.HasPrefix(c.Model, `{"module": "keras.src.models.functional"`) {
				graphs++
				names, err := keras.ComputedLayers(m)
				if err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(c.Layers, names); diff != "" {
					t.Errorf("order that follows from the graph (-Keras +got):\n%s", diff)
				}
			}
			for _, table := range c.Tables {
				var b strings.Builder
				o := keras.SummaryOptions{Out: &b, LineLength: table.Width, ShowTrainable: table.Options.ShowTrainable, ExpandNested: table.Options.ExpandNested}
				err := m.SummaryWith(o)
				what := fmt.Sprintf("width %d, %+v", table.Width, table.Options)
				if table.Error != "" {
					if err == nil {
						t.Errorf("%s: no error; Keras says %s", what, table.Error)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", what, err)
					continue
				}
				want := strings.Split(strings.TrimRight(table.Text, "\n"), "\n")
				got := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s (-Keras +got):\n%s", what, diff)
				}
			}
		})
	}
	if graphs == 0 {
		t.Error("no functional model among the cases")
	}
}
