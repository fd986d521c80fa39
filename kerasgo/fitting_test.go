package keras_test

import (
	"maps"
	"slices"
	"testing"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/spec"
)

// fittingCase is a recorded model with what was done to it, up to what Keras refused.
type fittingCase struct {
	trainCase
	Refused string // by compile
	Actions []struct {
		action
		Refused string
	}
}

// TestFitting holds the rules of Compile and Fit against Keras, in random combinations:
// the forms in which losses, weights, metrics, data and sample weights are given, the
// names and numbers of the logs, and what is refused.
func TestFitting(t *testing.T) {
	worst := map[string]float64{}
	for _, c := range golden[fittingCase](t, "fitting.json.gz") {
		t.Run(c.Name, func(t *testing.T) {
			r := replay{t: t, c: c.trainCase, tol: 5e-5, worst: worst}
			r.m = decodeModel(t, c.Model)
			refused := c.Refused
			if refused == "" {
				refused = c.Actions[0].Refused
			}
			n, errs := spec.Parse("compile", c.Compile)
			if errs.Err() != nil {
				t.Fatal(errs)
			}
			var compile keras.Compile
			err := spec.DecodeStruct(n, &compile).Err()
			if err == nil {
				err = r.m.Compile(compile)
			}
			if err != nil {
				if refused == "" {
					t.Fatal(err)
				}
				return
			}
			if c.Refused != "" {
				t.Fatalf("compiled; Keras: %s", c.Refused)
			}
			r.build()
			start(t, r.m, c.Weights, c.Seed)
			for _, a := range c.Actions {
				if a.Refused == "" {
					r.act(a.action)
				} else if err := r.attempt(a.action); err == nil {
					t.Errorf("%s was done; Keras: %s", a.Do, a.Refused)
				}
			}
		})
	}
	for _, k := range slices.Sorted(maps.Keys(worst)) {
		t.Logf("largest relative difference of %s: %.2g", k, worst[k])
	}
}

// attempt does what Keras refused and returns the error.
func (r *replay) attempt(a action) error {
	t := r.t
	var args callArgs
	parse(t, a.Args, &args)
	x, y, w := arrays(t, args.X), arrays(t, args.Y), arrays(t, args.SampleWeight)
	var err error
	switch a.Do {
	case "fit":
		f := args.fit(t)
		f.SampleWeight, f.Verbose = w, keras.Silent
		_, err = r.m.Fit(x, y, f)
	case "evaluate":
		_, err = r.m.Evaluate(x, y, keras.Evaluate{BatchSize: args.Batch, Steps: args.Steps, SampleWeight: w, Verbose: keras.Silent})
	case "train_on_batch":
		_, err = r.m.TrainOnBatch(x, y, keras.OnBatch{SampleWeight: w, ClassWeight: args.ClassWeight})
	case "test_on_batch":
		_, err = r.m.TestOnBatch(x, y, keras.OnBatch{SampleWeight: w})
	default:
		t.Fatalf("unknown action %q", a.Do)
	}
	if err != nil {
		t.Log(err)
	}
	return err
}
