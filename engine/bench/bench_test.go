package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test binary play a contender.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_CONTENDER") == "1" {
		fmt.Println("reading data")
		for e := 1; e <= 2; e++ {
			fmt.Printf("Epoch %d/2\n", e)
			time.Sleep(20 * time.Millisecond)
			fmt.Println("430/430 - 5s - 12ms/step - accuracy: 0.9337 - loss: 0.2155")
		}
		fmt.Println(`{"step_ms": 11.5, "accuracy": 0.99, "versions": "Keras 3"}`)
		return
	}
	os.Exit(m.Run())
}

func TestWatch(t *testing.T) {
	out := "10/10 - 1s before any epoch\nEpoch 1/2\n430/430 - 5s - 12ms/step - loss: 0.2\nEpoch 2/2\n430/430 - 4s - loss: 0.1\n{\"step_ms\": 3, \"accuracy\": 0.5, \"other\": []}\n"
	now := 0.0
	got, err := watch(strings.NewReader(out), func() float64 { now += 1.5; return now })
	want := sample{start: 3, epochs: []float64{1.5, 1.5}, steps: 430, accuracy: 0.5, stepMS: 3}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); d != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, d)
	}
	if _, err := watch(strings.NewReader("{broken\n"), func() float64 { return 0 }); err == nil {
		t.Error("broken JSON: no error")
	}
}

func TestRun(t *testing.T) {
	t.Setenv("BENCH_CONTENDER", "1")
	out := filepath.Join(t.TempDir(), "docs", "performance.md")
	c := config{epochs: 2, rounds: 2, ours: commands{"one=" + os.Args[0], "two=" + os.Args[0] + " --epochs {epochs}"}, out: out}
	for range 2 { // the second time the file exists
		if err := notebook(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Performance", "| one |", "| two |", "0.9900 (0.9900–0.9900)", "--epochs 2", "(Keras 3); median step by its own clock 11.50"} {
		if strings.Count(string(text), want) == 0 {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(string(text), begin); n != 1 {
		t.Errorf("%d marks", n)
	}
	c.epochs = 3
	if err := notebook(context.Background(), c); err == nil || !strings.Contains(err.Error(), "2 epochs, not of 3") {
		t.Errorf("too few epochs: %v", err)
	}
}

func TestSample(t *testing.T) {
	s := sample{epochs: []float64{9, 4, 5}, steps: 10}
	if s.later() != 4.5 || s.perStep() != 450 {
		t.Errorf("later %v, per step %v", s.later(), s.perStep())
	}
	if one := (sample{epochs: []float64{9}}); one.later() != 9 {
		t.Errorf("one epoch: %v", one.later())
	}
	if got := []float64{median([]float64{3, 1, 2}), median([]float64{4, 1, 2, 3})}; got[0] != 2 || got[1] != 2.5 {
		t.Errorf("medians %v", got)
	}
}

func TestMerge(t *testing.T) {
	if got, err := merge("text\n"+begin+"old\n"+end+"more\n", "new\n"); err != nil || got != "text\n"+begin+"new\n"+end+"more\n" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := merge("text of somebody\n", "new\n"); err == nil {
		t.Error("a file without marks was overwritten")
	}
}
