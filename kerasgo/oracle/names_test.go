package oracle_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

type namesCase struct {
	Kind     string
	Names    map[string]string // string → class
	Up, Down []string          // classes of metrics that improve that way
	Shapes   []struct {
		YTrue                  tensor.Shape `json:"y_true"`
		YPred                  tensor.Shape `json:"y_pred"`
		Accuracy, Crossentropy string
	}
}

// missing are Keras's classes that do not exist here yet.
var missing = []string{"CTC", "Adafactor", "Muon", "ScheduleFreeAdamW", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"}

// TestNames: every string of Keras stands for the same class here, metrics improve
// the same way, and "accuracy" and "crossentropy" are chosen by the same shapes.
func TestNames(t *testing.T) {
	for _, c := range loadCases[namesCase](t, "names") {
		for name, class := range c.Names {
			if slices.Contains(missing, class) {
				continue
			}
			if c.Kind == "metric" && name == "accuracy" {
				continue // chosen by shapes
			}
			var got any
			var err error
			switch c.Kind {
			case "loss":
				got, err = losses.Get(name)
			case "metric":
				got, err = metrics.Get(name)
			case "optimizer":
				got, err = optimizers.Get(name)
			}
			if err != nil {
				t.Errorf("%s %q: %v", c.Kind, name, err)
			} else if className(got) != class {
				t.Errorf("%s %q is %s, want %s", c.Kind, name, className(got), class)
			}
		}
		if c.Kind == "metric" {
			for _, class := range spec.Classes("metric") {
				up, known := metrics.Direction(reflect.Zero(class.Type).Interface())
				if wantUp, wantDown := slices.Contains(c.Up, class.Name), slices.Contains(c.Down, class.Name); known != (wantUp || wantDown) || up != wantUp {
					t.Errorf("%s: up %v, known %v; Keras: up %v, down %v", class.Name, up, known, wantUp, wantDown)
				}
			}
		}
		for _, s := range c.Shapes {
			if got := className(metrics.ResolveAccuracy(s.YTrue, s.YPred)); got != s.Accuracy {
				t.Errorf("accuracy of %v and %v is %s, want %s", s.YTrue, s.YPred, got, s.Accuracy)
			}
			for _, v := range []any{losses.ResolveCrossentropy(s.YTrue, s.YPred), metrics.ResolveCrossentropy(s.YTrue, s.YPred)} {
				if className(v) != s.Crossentropy {
					t.Errorf("crossentropy of %v and %v is %s, want %s", s.YTrue, s.YPred, className(v), s.Crossentropy)
				}
			}
		}
	}
}
