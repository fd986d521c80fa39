package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/bench/workloads"
)

func TestProcess(t *testing.T) {
	got, err := process(context.Background(), []string{"BENCH_CONTENDER=steps"}, os.Args[0])
	if d := cmp.Diff(result{Contender: "keras-jax", Steps: 7, MedianMS: 3.5}, got); d != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, d)
	}
	_, err = process(context.Background(), []string{"BENCH_CONTENDER=lacking"}, os.Args[0])
	if err == nil || !strings.Contains(err.Error(), notAvailable) || whyMissing(err) != "there is no layer MultiHeadAttention" {
		t.Errorf("a workload that is not available: %v", err)
	}
}

func TestParseResult(t *testing.T) {
	for _, out := range []string{"", "no JSON\n", `{"contender": "torch", "steps": 0, "median_ms": 3}`, `{"steps": 4, "median_ms": 3}`, `{"contender": "torch", "steps": 4}`} {
		if r, err := parseResult(out); err == nil {
			t.Errorf("%q was taken for %+v", out, r)
		}
	}
}

func TestSummarize(t *testing.T) {
	want := result{Steps: 5, MedianMS: 3, MinMS: 1, Q1MS: 2, Q3MS: 4, MeanMS: 4}
	if d := cmp.Diff(want, summarize([]float64{10, 1, 4, 3, 2})); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if got := []float64{median([]float64{3, 1, 2}), median([]float64{4, 1, 2, 3})}; got[0] != 2 || got[1] != 2.5 {
		t.Errorf("medians %v", got)
	}
}

// The worker trains and predicts, counts what it timed and tells where the time went.
func TestWorker(t *testing.T) {
	if testing.Short() {
		t.Skip("trains")
	}
	for _, mode := range []string{"train", "predict"} {
		var out, messages bytes.Buffer
		if err := worker([]string{"-workload", "mlp", "-mode", mode, "-batch", "16", "-seconds", "0.05", "-profile"}, &out, &messages); err != nil {
			t.Fatal(err)
		}
		r, err := parseResult(out.String())
		if err != nil {
			t.Fatal(err)
		}
		if r.Contender != ours || r.Mode != mode || r.Batch != 16 || r.MinMS > r.MedianMS || len(r.Profile) != 1 || r.Profile[0].Mode != mode {
			t.Errorf("%s: %+v", mode, r)
		}
		if runs := r.Profile[0].Runs; runs < r.Steps {
			t.Errorf("%s: %d runs profiled, %d timed", mode, runs, r.Steps)
		}
		if !strings.Contains(messages.String(), "GFLOP/s") {
			t.Errorf("%s: no table:\n%s", mode, messages.String())
		}
	}
	for _, args := range [][]string{{"-workload", "nothing"}, {"-mode", "sleep", "-workload", "mlp"}, {"-seconds", "0"}, {"more"}} {
		if err := worker(args, &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

// Peers get files that Keras can read.
func TestExport(t *testing.T) {
	dir := t.TempDir() + "/mlp"
	if err := worker([]string{"-workload", "mlp", "-export", dir}, &bytes.Buffer{}, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"model.json", "settings.json"} {
		text, err := os.ReadFile(dir + "/" + name)
		if err != nil || !json.Valid(text) {
			t.Errorf("%s: %v: %s", name, err, text)
		}
	}
	for _, name := range []string{"x.npy", "y.npy", "one.npy", "model.keras"} {
		if info, err := os.Stat(dir + "/" + name); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRows(t *testing.T) {
	names := map[string]bool{}
	for _, r := range rows() {
		if names[r.name] {
			t.Errorf("two rows %s", r.name)
		}
		names[r.name] = true
		if _, err := workloads.Find(r.workload); err != nil {
			t.Error(err)
		}
	}
	list, err := chosen("lstm,predict-cnn-1")
	if err != nil || len(list) != 2 || list[1].threads != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if err := choosePeers(list, "keras-jax"); err != nil || len(list[0].peers) != 1 || list[0].peers[0] != kerasJAX {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := chosen("lstm,nothing"); err == nil || !strings.Contains(err.Error(), `no row "nothing"`) {
		t.Errorf("unknown row: %v", err)
	}
	if err := choosePeers(list, "theano"); err == nil {
		t.Error("unknown peer: no error")
	}
	if backends[0] != kerasTensorFlow || len(rows()[0].peers) != 4 {
		t.Error("choosing peers changed the rows")
	}
}
