package keras_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// traceCase is what testdata/gen/traces.py did to a model.
type traceCase struct {
	Name    string
	Model   string
	Seed    int
	Weights [][]int
	Slack   float64 // what rounding may change
	Actions []struct {
		Do           string
		Args, Result json.RawMessage
	}
}

// TestTraces trains as Keras did: the same loss and metrics in every step, the same
// weights and optimizer variables after them, also when the model goes through a file
// between two actions.
func TestTraces(t *testing.T) {
	t.Setenv("KERASGO_CONV", "direct") // products of matrices, as there
	worst := map[string]float64{}
	var all []traceCase
	files, _ := filepath.Glob("testdata/traces_*.json.gz")
	for _, f := range files {
		all = append(all, golden[traceCase](t, filepath.Base(f))...)
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			r := &tracing{replay{t: t, tol: c.Slack, worst: worst}}
			r.m = decodeModel(t, c.Model)
			if err := r.m.Build(); err != nil {
				t.Fatal(err)
			}
			start(t, r.m, c.Weights, c.Seed)
			for i, a := range c.Actions {
				r.act(a.Do, a.Args, a.Result)
				if a.Do == "trace" && i+1 < len(c.Actions) && c.Actions[i+1].Do != "trainable" {
					r.throughFile()
				}
			}
		})
	}
	for _, k := range slices.Sorted(maps.Keys(worst)) {
		t.Logf("largest relative difference of %s: %.2g", k, worst[k])
	}
}

type tracing struct{ replay }

func (r *tracing) act(do string, args, result json.RawMessage) {
	t := r.t
	t.Helper()
	switch do {
	case "compile":
		if err := r.m.Compile(decodeCompile(t, args)); err != nil {
			t.Fatal(err)
		}
	case "trace":
		r.steps(args, result)
	case "weights":
		var list []*tensor.Tensor
		for _, v := range r.m.Weights() {
			list = append(list, v.Value())
		}
		r.same(do, list, result)
	case "optimizer":
		r.same(do, keras.OptimizerVariables(r.m), result)
	case "rate":
		var want value
		parse(t, result, &want)
		got, err := r.m.LearningRate()
		if err != nil {
			t.Fatal(err)
		}
		r.note(do, do, away(got, want))
	case "trainable":
		r.trainable(args, result)
	default:
		t.Fatalf("unknown action %q", do)
	}
}

// same compares arrays with those of Keras.
func (r *tracing) same(family string, got []*tensor.Tensor, result json.RawMessage) {
	t := r.t
	t.Helper()
	var want []sampled
	parse(t, result, &want)
	if len(got) != len(want) {
		t.Fatalf("%s: %d arrays, Keras has %d", family, len(got), len(want))
	}
	for i, s := range want {
		r.note(family, family, s.differs(t, got[i]))
	}
}

// steps trains on one batch after the other.
func (r *tracing) steps(raw, result json.RawMessage) {
	t := r.t
	t.Helper()
	var args struct {
		X, Y  json.RawMessage
		Steps int
		Batch int `json:"batch_size"`
	}
	parse(t, raw, &args)
	var want map[string][]value
	parse(t, result, &want)
	x, y := listed(arrays(t, args.X)), listed(arrays(t, args.Y))
	for i := range args.Steps {
		r.m.ResetMetrics()
		got, err := r.m.TrainOnBatch(batchOf(x, i, args.Batch), batchOf(y, i, args.Batch))
		if err != nil {
			t.Fatal(err)
		}
		names := r.m.MetricNames()
		if len(names) != len(want) || len(got) != len(want) {
			t.Fatalf("logs %v, Keras has %v", names, slices.Sorted(maps.Keys(want)))
		}
		for k, name := range names {
			if want[name] == nil {
				t.Fatalf("no log %q in Keras", name)
			}
			family := "loss"
			if !strings.HasSuffix(name, "loss") {
				family = "metrics"
			}
			d := away(got[k], want[name][i])
			r.note(family, name, d)
			if family == "loss" && d > 0.05 { // whatever rounding does to single weights
				t.Errorf("%s of step %d is %v, Keras's %v", name, i, got[k], want[name][i])
			}
		}
	}
}

func listed(v any) []*tensor.Tensor {
	if one, ok := v.(*tensor.Tensor); ok {
		return []*tensor.Tensor{one}
	}
	return v.([]*tensor.Tensor)
}

// batchOf returns batch i, whose rows begin anew behind the last.
func batchOf(list []*tensor.Tensor, i, batch int) []*tensor.Tensor {
	var out []*tensor.Tensor
	for _, a := range list {
		n := a.Shape()[0]
		k := i * batch % n
		out = append(out, a.Slice(k, k+batch))
	}
	return out
}

// trainable sets the flags of layers and compares what is trained then, also after the
// model went through JSON.
func (r *tracing) trainable(args, result json.RawMessage) {
	t := r.t
	t.Helper()
	var changes [][2]any
	parse(t, args, &changes)
	for _, c := range changes {
		flag := c[1].(bool)
		m, names := r.m, strings.Split(c[0].(string), "/")
		if names[0] == "" {
			m.SetTrainable(flag)
			continue
		}
		for i, name := range names {
			l, err := m.GetLayer(name)
			if err != nil {
				t.Fatal(err)
			}
			if i == len(names)-1 {
				l.SetTrainable(flag)
			} else {
				m = l.Description().(*keras.Model)
			}
		}
	}
	var want, got struct {
		Trainable, Loaded []int
		Flags             []bool
	}
	parse(t, result, &want)
	for _, l := range r.m.Layers() {
		got.Flags = append(got.Flags, l.Trainable())
	}
	text, err := r.m.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	again := decodeModel(t, text)
	if err := again.Build(); err != nil {
		t.Fatal(err)
	}
	got.Trainable, got.Loaded = keras.TrainedWeights(r.m), keras.TrainedWeights(again)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("trainable %s (-Keras +got):\n%s", args, d)
	}
}

// throughFile saves the model and goes on with what is loaded.
func (r *tracing) throughFile() {
	t := r.t
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.keras")
	if err := r.m.Save(path); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.m, err = keras.LoadModelWith(path, keras.LoadOptions{Warn: func(s string) { t.Error(s) }}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
