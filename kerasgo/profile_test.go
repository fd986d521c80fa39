package keras_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func TestProfiles(t *testing.T) {
	m := keras.NewSequential(layers.Dense{Units: 3, InputShape: []int{8}})
	if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
		t.Fatal(err)
	}
	x, y := tensor.New(tensor.Float32, 12, 8), tensor.New(tensor.Float32, 12, 3)
	fit := func() {
		t.Helper()
		if _, err := m.Fit(x, y, keras.Fit{BatchSize: 4, Verbose: keras.Silent}); err != nil {
			t.Fatal(err)
		}
	}
	fit()
	if got := m.Profiles(); len(got) != 0 {
		t.Errorf("profiles without profiling: %v", got)
	}
	m.SetProfiling(true)
	fit()
	fit()
	got := m.Profiles()
	if len(got) != 1 || got[0].Mode != "train" || got[0].Runs != 6 || got[0].Phases == 0 {
		t.Fatalf("got %+v, want one profile of 6 training steps", got)
	}
	var flops int64
	for _, s := range got[0].Steps {
		flops += s.FLOPs
	}
	if flops == 0 || got[0].Steps[0].Time == 0 {
		t.Errorf("no work: %+v", got[0].Steps)
	}
	if p := got[0]; p.Batch != 4 || p.Times.Runs != 6 || p.Times.Wall < p.Times.Phases[0] || len(p.Trace) == 0 {
		t.Errorf("batches of %d, %+v, %d events", p.Batch, p.Times, len(p.Trace))
	}
	checkTable(t, got)
	checkTrace(t, got)
	m.SetProfiling(false)
	fit()
	if got := m.Profiles(); len(got) != 0 {
		t.Errorf("profiles after the end of profiling: %v", got)
	}
}

func checkTable(t *testing.T, list []keras.Profile) {
	t.Helper()
	var b strings.Builder
	if err := keras.WriteProfiles(&b, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Profile of the training step, batch 4: 6 runs", "barriers a run", "of the peak of", "dense", "optimizer", "MatMulOp", "most of it"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table does not tell %q:\n%s", want, b.String())
		}
	}
}

func checkTrace(t *testing.T, list []keras.Profile) {
	t.Helper()
	var b strings.Builder
	if err := keras.WriteTrace(&b, list); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Events []struct {
			Name string  `json:"name"`
			Kind string  `json:"ph"`
			TS   float64 `json:"ts"`
			Dur  float64 `json:"dur"`
			PID  int     `json:"pid"`
			Args struct{ Name, Layer string }
		} `json:"traceEvents"`
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	names, chunks := map[string]bool{}, 0
	for _, e := range got.Events {
		if e.Kind == "M" {
			names[e.Args.Name] = true
			continue
		}
		chunks++
		if e.Kind != "X" || e.TS < 0 || e.Dur < 0 || e.PID != 1 || e.Name == "" {
			t.Errorf("event %+v", e)
		}
	}
	if !names["training step, batch 4"] || !names["worker 0"] || chunks != len(list[0].Trace) {
		t.Errorf("names %v, %d chunks of %d", names, chunks, len(list[0].Trace))
	}
}
