package experiment_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/kerasgo/experiment"
)

// TestAdapt runs the examples whose layers learn from the data before training.
func TestAdapt(t *testing.T) {
	for name, atLeast := range map[string]float64{"reviews": 0.9, "bicycles": 0.7, "stations": 0.8} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("../../examples", name+".yaml")
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e, errs := experiment.Parse(file, src, nil)
			if err := errs.Err(); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			r, err := e.Run(context.Background(), experiment.Options{NoSave: true, Results: &out})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Scores {
				if s.Name == "accuracy" && s.Value < atLeast {
					t.Errorf("the accuracy is %v", s.Value)
				}
			}
			if waiting := r.Model.Adapters(); len(waiting) > 0 {
				t.Errorf("%v have learned nothing", waiting)
			}
		})
	}
}

// TestNotAdapted: without adapt, the message names the layer.
func TestNotAdapted(t *testing.T) {
	file := "../../examples/reviews.yaml"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for set, want := range map[string]string{
		"fit.adapt=false":  "text_vectorization has yet to learn",
		"fit.adapt=[nope]": `has no layer "nope"`,
		"fit.adapt=3":      "adapt wants true or names of layers, got 3",
	} {
		e, errs := experiment.Parse(file, src, []experiment.Override{{Option: "--set", Text: set}})
		if err := errs.Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Run(context.Background(), experiment.Options{NoSave: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", set, err, want)
		}
	}
}
