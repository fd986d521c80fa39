package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// measured is a store with something of everything.
func measured() *store {
	s := &store{Machine: machine{CPU: "a CPU", Cores: 2, ISA: "avx2", Peak1: 100, Peak2: 200, OS: "linux/amd64", Go: "go1"}}
	for _, of := range []string{"cnn", "lstm", "transformer", "notebook", "growth"} {
		s.begin(piece{of, "go run ./engine/bench -rows " + of, "2026-01-02"})
	}
	step := func(row, who string, ms ...float64) {
		for i, m := range ms {
			s.Steps = append(s.Steps, result{Row: row, Round: i, Contender: who, MedianMS: m, Versions: who + " 1.0"})
		}
	}
	step("cnn", ours, 5, 6, 4)
	step("cnn", kerasTensorFlow, 20, 26, 25)
	step("cnn", kerasJAX, 100, 100, 100)
	step("lstm", ours, 30)
	step("lstm", kerasJAX, 20)
	s.miss("transformer", "there is no layer MultiHeadAttention")
	s.Notebook = []sample{
		{Contender: ours, Start: 0.2, Epochs: []float64{3, 2, 2}, Steps: 430, Wall: 8, PeakMiB: 100, Accuracy: 0.99},
		{Contender: kerasTensorFlow, Start: 5, Epochs: []float64{13, 10, 10}, Steps: 430, Wall: 40, PeakMiB: 1000, Accuracy: 0.99, Versions: "keras 3"},
	}
	s.Growth = []growthPoint{{"width", 64, 1, 1}, {"width", 128, 2, 1.5}, {"width", 256, 4, 4.5}}
	return s
}

func TestStepTable(t *testing.T) {
	want := `| workload | batch | threads | kerasgo | Keras, TensorFlow | Keras, JAX | kerasgo ÷ fastest Keras |
|---|---:|---:|---:|---:|---:|---:|
| notebook CNN | 128 | 2 | 5.00 (4.00–6.00) | 25.0 (20.0–26.0); 0.20 | 100; 0.05 | **0.20** |
| LSTM 128 on 28 rows of 28 | 128 | 2 | 30.0 |  | 20.0; 1.50 | **1.50** |
| transformer block, 128 steps of 128, 4 heads | 32 | 2 | not available: there is no layer MultiHeadAttention |  |  |  |
`
	if d := cmp.Diff(want, stepTable(measured(), func(row) bool { return true })); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestSlower(t *testing.T) {
	if d := cmp.Diff("- LSTM 128 on 28 rows of 28 (training, batch 128): 1.50 times the time of Keras, JAX.\n", slowerText(measured())); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestWorst(t *testing.T) {
	if rise, at := worst(measured().Growth); rise != 1.5 || at != 256 {
		t.Errorf("rise %v at %v, want 1.5 at 256", rise, at)
	}
}

// The documents are written between their marks, again and again, from a store in a file.
func TestRender(t *testing.T) {
	dir := t.TempDir()
	o := files{filepath.Join(dir, "performance.json"), filepath.Join(dir, "docs", "performance.md"), filepath.Join(dir, "README.md")}
	if err := os.WriteFile(o.readme, []byte("before\n"+readmeBegin+"old\n"+readmeEnd+"after\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := renderCommand([]string{"-results", o.results}); err == nil || !strings.Contains(err.Error(), "nothing was measured") {
		t.Errorf("empty store: %v", err)
	}
	if err := o.finish(measured()); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(o.out)
	if err != nil {
		t.Fatal(err)
	}
	if err := renderCommand([]string{"-results", o.results, "-o", o.out, "-readme", o.readme}); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(o.out)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(first), string(second)); d != "" {
		t.Errorf("rendered again, it differs:\n%s", d)
	}
	for _, want := range []string{"# Performance", "a CPU, 2 cores", "| later epochs |", "10.0; 0.200", "Largest rise of the cost of a million multiply-adds: 1.50 times, at 256.", "-rows lstm   # 2026-01-02"} {
		if !strings.Contains(string(first), want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	readme, err := os.ReadFile(o.readme)
	if err != nil || !strings.HasPrefix(string(readme), "before\n"+readmeBegin+"An epoch of this model takes 2.00 s with kerasgo and 10.0 s") || !strings.HasSuffix(string(readme), readmeEnd+"after\n") {
		t.Errorf("%v: README:\n%s", err, readme)
	}
	if svg, err := os.ReadFile(filepath.Join(dir, "docs", "performance.svg")); err != nil || !strings.Contains(string(svg), "<svg") {
		t.Errorf("plot: %v", err)
	}
}

// A piece that is measured again replaces only itself.
func TestBegin(t *testing.T) {
	s := measured()
	s.begin(piece{"lstm", "again", "2026-01-03"})
	if _, ok := s.medians("lstm", ours); ok {
		t.Error("old times of lstm are still there")
	}
	if _, ok := s.medians("cnn", ours); !ok || len(s.Notebook) != 2 || len(s.Growth) != 3 || len(s.Missing) != 1 {
		t.Error("other rows are gone")
	}
	if n := len(s.Pieces); n != 5 || s.Pieces[4].Command != "again" {
		t.Errorf("pieces %v", s.Pieces)
	}
}

func TestMerge(t *testing.T) {
	if got, err := merge("text\n"+begin+"old\n"+end+"more\n", begin, end, "new\n"); err != nil || got != "text\n"+begin+"new\n"+end+"more\n" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := merge("text of somebody\n", begin, end, "new\n"); err == nil {
		t.Error("a file without marks was overwritten")
	}
}
