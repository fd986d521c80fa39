package keras_test

import (
	"encoding/json"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/spec"
)

// trainCase is a recorded model with what was done to it.
type trainCase struct {
	Name    string
	Model   string
	Compile json.RawMessage
	Seed    int
	Weights [][]int
	Actions []action
}

// action is one call and what it yielded.
type action struct {
	Do      string
	Args    json.RawMessage
	History map[string][]json.RawMessage
	Keys    []string
	Epoch   []int
	Params  callbacks.Params
	Result  json.RawMessage
	Dict    map[string]json.RawMessage
	Shapes  [][]int
}

// callArgs are the arguments of the recorded calls.
type callArgs struct {
	X, Y          json.RawMessage
	SampleWeight  json.RawMessage   `json:"sample_weight"`
	Validation    []json.RawMessage `json:"validation_data"`
	Batch         int               `json:"batch_size"`
	Epochs, Steps int
	InitialEpoch  int             `json:"initial_epoch"`
	Split         float64         `json:"validation_split"`
	ValBatch      int             `json:"validation_batch_size"`
	ValSteps      int             `json:"validation_steps"`
	ValFreq       any             `json:"validation_freq"`
	StepsPerEpoch int             `json:"steps_per_epoch"`
	ClassWeight   map[int]float64 `json:"class_weight"`
	Callbacks     []json.RawMessage
	Verbose       int
}

// TestTraining holds Fit, Evaluate, Predict and the calls on one batch against
// Keras: the same weights and data must give the same history, weights and
// predictions. Convolutions are computed by matrix products, as there; see
// TestFastConvolutions.
func TestTraining(t *testing.T) {
	t.Setenv("KERASGO_CONV", "direct")
	worst := map[string]float64{}
	for _, c := range golden[trainCase](t, "train.json.gz") {
		t.Run(c.Name, func(t *testing.T) {
			r := replay{t: t, c: c, tol: 2e-5, worst: worst}
			r.start()
			for _, a := range c.Actions {
				r.act(a)
			}
		})
	}
	for _, k := range slices.Sorted(maps.Keys(worst)) {
		t.Logf("largest relative difference of %s: %.2g", k, worst[k])
	}
}

// TestFastConvolutions trains the notebook's CNN with the algorithms that the
// engine chooses by itself. Their rounding is another one; sooner or later it
// decides on which side of zero a unit falls, so later steps are compared loosely.
func TestFastConvolutions(t *testing.T) {
	const name = "notebook 50 steps"
	for _, c := range golden[trainCase](t, "train.json.gz") {
		if c.Name != name {
			continue
		}
		r := replay{t: t, c: c}
		r.start()
		var args callArgs
		parse(t, c.Actions[0].Args, &args)
		f := args.fit(t)
		f.Verbose = keras.Silent
		h, err := r.m.Fit(arrays(t, args.X), arrays(t, args.Y), f)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for step, raw := range c.Actions[0].History["loss"] {
			var want value
			parse(t, raw, &want)
			tol := 1e-5
			if step >= 8 {
				tol = 3e-2
			}
			d := away(h.History["loss"][step], want)
			worst = max(worst, d)
			if d > tol {
				t.Errorf("step %d: loss %v, Keras has %v: relative difference %.2g", step, h.History["loss"][step], want, d)
			}
		}
		t.Logf("largest relative difference of a step's loss: %.2g", worst)
		return
	}
	t.Fatalf("no case %q", name)
}

// replay does to a model what was done to Keras's.
type replay struct {
	t     *testing.T
	c     trainCase
	m     *keras.Model
	tol   float64
	worst map[string]float64
}

// start makes the model with the recorder's weights.
func (r *replay) start() {
	t := r.t
	t.Helper()
	r.m = decodeModel(t, r.c.Model)
	if err := r.m.Compile(decodeCompile(t, r.c.Compile)); err != nil {
		t.Fatal(err)
	}
	r.build()
	start(t, r.m, r.c.Weights, r.c.Seed)
}

func (r *replay) build() {
	r.t.Helper()
	var shape []int
	if len(r.m.InputShapes()) == 0 {
		for _, a := range r.c.Actions {
			var args callArgs
			parse(r.t, a.Args, &args)
			if x, ok := arrays(r.t, args.X).(*tensor.Tensor); ok {
				shape = x.Shape()
				break
			}
		}
	}
	if err := r.m.Build(shape...); err != nil {
		r.t.Fatal(err)
	}
}

// note fails when a difference is too large, and keeps the largest.
func (r *replay) note(family, what string, d float64) {
	r.t.Helper()
	r.worst[family] = max(r.worst[family], d)
	if d > r.tol {
		r.t.Errorf("%s: relative difference %.3g", what, d)
	}
}

func (r *replay) act(a action) {
	t := r.t
	t.Helper()
	var args callArgs
	if a.Do != "set_trainable" {
		parse(t, a.Args, &args)
	}
	x, y, w := arrays(t, args.X), arrays(t, args.Y), arrays(t, args.SampleWeight)
	switch a.Do {
	case "fit":
		r.fit(a, args, x, y, w)
	case "evaluate":
		o := keras.Evaluate{BatchSize: args.Batch, Steps: args.Steps, SampleWeight: w, Out: io.Discard}
		got, err := r.m.Evaluate(x, y, o)
		if err != nil {
			t.Fatal(err)
		}
		named, err := r.m.EvaluateDict(x, y, o)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(flatNames(t, a.Dict))), slices.Sorted(maps.Keys(named))); diff != "" {
			t.Fatalf("names of evaluate (-Keras +got):\n%s", diff)
		}
		for k, v := range flatNames(t, a.Dict) {
			r.note("evaluate", "evaluate "+k, away(named[k], v))
		}
		if a.Result != nil {
			r.list("evaluate", got, a.Result)
		}
	case "train_on_batch", "test_on_batch":
		do := r.m.TrainOnBatch
		if a.Do == "test_on_batch" {
			do = r.m.TestOnBatch
		}
		got, err := do(x, y, keras.OnBatch{SampleWeight: w, ClassWeight: args.ClassWeight})
		if err != nil {
			t.Fatal(err)
		}
		r.list("on batch", got, a.Result)
	case "predict", "predict_on_batch":
		var got []*tensor.Tensor
		var err error
		if a.Do == "predict" {
			got, err = r.m.PredictAll(x, keras.Predict{BatchSize: args.Batch, Steps: args.Steps, Out: io.Discard})
		} else {
			var one *tensor.Tensor
			one, err = r.m.PredictOnBatch(x)
			got = []*tensor.Tensor{one}
		}
		if err != nil {
			t.Fatal(err)
		}
		var want []sampled
		parse(t, a.Result, &want)
		for i, s := range want {
			if !got[i].Shape().Equal(a.Shapes[i]) {
				t.Errorf("output %d has shape %v, Keras's has %v", i, got[i].Shape(), a.Shapes[i])
			}
			r.note("predict", "predict", s.differs(t, got[i]))
		}
	case "set_trainable":
		var flags map[string]bool
		parse(t, a.Args, &flags)
		for name, flag := range flags {
			l, err := r.m.GetLayer(name)
			if err != nil {
				t.Fatal(err)
			}
			l.SetTrainable(flag)
		}
	case "compile":
		if err := r.m.Compile(decodeCompile(t, r.c.Compile)); err != nil {
			t.Fatal(err)
		}
	case "rate":
		var want value
		parse(t, a.Result, &want)
		got, err := r.m.LearningRate()
		if err != nil {
			t.Fatal(err)
		}
		r.note("learning rate", "learning rate", away(got, want))
	case "reset_metrics":
		r.m.ResetMetrics()
	case "weights":
		var want []sampled
		parse(t, a.Result, &want)
		vars := r.m.Weights()
		for i, s := range want {
			r.note("weights", vars[i].Path(), s.differs(t, vars[i].Value()))
		}
	default:
		t.Fatalf("unknown action %q", a.Do)
	}
}

// fit returns the arguments of Fit that have no tensors of their own.
func (args callArgs) fit(t *testing.T) keras.Fit {
	t.Helper()
	f := keras.Fit{
		BatchSize: args.Batch, Epochs: args.Epochs, Shuffle: false, ValidationSplit: args.Split,
		ValidationBatchSize: args.ValBatch, ValidationSteps: args.ValSteps, InitialEpoch: args.InitialEpoch,
		StepsPerEpoch: args.StepsPerEpoch, ClassWeight: args.ClassWeight,
	}
	for i, v := range args.Validation {
		*[]*any{&f.ValidationData.X, &f.ValidationData.Y, &f.ValidationData.SampleWeight}[i] = arrays(t, v)
	}
	switch v := args.ValFreq.(type) {
	case float64:
		f.ValidationFreq = int(v)
	case []any:
		var list []int
		for _, n := range v {
			list = append(list, int(n.(float64)))
		}
		f.ValidationFreq = list
	}
	return f
}

// decodeCallbacks reads recorded callbacks; files go into dir.
func decodeCallbacks(t *testing.T, list []json.RawMessage, dir string) (out []any) {
	t.Helper()
	for _, raw := range list {
		n, errs := spec.Parse("callback", raw)
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		v, errs := spec.Decode(n, "callback")
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		if c, ok := v.(callbacks.ModelCheckpoint); ok {
			c.Filepath = filepath.Join(dir, c.Filepath)
			v = c
		}
		out = append(out, v)
	}
	return out
}

func (r *replay) fit(a action, args callArgs, x, y, w any) {
	t := r.t
	t.Helper()
	f := args.fit(t)
	f.SampleWeight, f.Verbose, f.Out = w, keras.Silent, io.Discard
	f.Callbacks = decodeCallbacks(t, args.Callbacks, t.TempDir())
	h, err := r.m.Fit(x, y, f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.Keys, h.Keys()); diff != "" && len(a.Keys)+len(h.Keys()) > 0 {
		t.Errorf("keys of the history (-Keras +got):\n%s", diff)
	}
	if diff := cmp.Diff(a.Epoch, append([]int{}, h.Epoch...)); diff != "" {
		t.Errorf("epochs (-Keras +got):\n%s", diff)
	}
	if diff := cmp.Diff(a.Params, h.Params); diff != "" {
		t.Errorf("params (-Keras +got):\n%s", diff)
	}
	for k, raw := range a.History {
		got := h.History[k]
		if len(got) != len(raw) {
			t.Errorf("%s: %d epochs %v, Keras has %d", k, len(got), got, len(raw))
			continue
		}
		for i := range raw {
			var want value
			parse(t, raw[i], &want)
			r.note("history", k, away(got[i], want))
		}
		if float64(float32(got[0])) != got[0] && !math.IsNaN(got[0]) {
			t.Errorf("%s is no widened float32: %v", k, got[0])
		}
	}
}

// list compares the values of evaluate and its like by their order.
func (r *replay) list(family string, got []float64, raw json.RawMessage) {
	r.t.Helper()
	var want []value
	var nested []json.RawMessage
	parse(r.t, raw, &nested)
	for _, n := range nested {
		var vs []value
		if n[0] == '[' {
			parse(r.t, n, &vs)
		} else {
			vs = make([]value, 1)
			parse(r.t, n, &vs[0])
		}
		want = append(want, vs...)
	}
	if len(got) < len(want) { // Keras lists metrics that share a name several times
		for _, v := range got {
			best := math.Inf(1)
			for _, w := range want {
				best = min(best, away(v, w))
			}
			r.note(family, family, best)
		}
		return
	}
	if len(got) != len(want) {
		r.t.Errorf("%s: %v, Keras has %v", family, got, want)
		return
	}
	for i := range got {
		r.note(family, family, away(got[i], want[i]))
	}
}

// flatNames gives the elements of a metric with several values names of their own.
func flatNames(t *testing.T, d map[string]json.RawMessage) map[string]value {
	out := map[string]value{}
	for k, raw := range d {
		if raw[0] != '[' {
			var v value
			parse(t, raw, &v)
			out[k] = v
			continue
		}
		var vs []value
		parse(t, raw, &vs)
		for i, v := range vs {
			out[k+"_"+string(rune('0'+i))] = v
		}
	}
	return out
}
