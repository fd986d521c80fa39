package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test binary play a contender.
func TestMain(m *testing.M) {
	switch os.Getenv("BENCH_CONTENDER") {
	case "notebook":
		fmt.Println("reading data")
		for e := 1; e <= 2; e++ {
			fmt.Fprintf(os.Stderr, "Epoch %d/2\n", e)
			time.Sleep(20 * time.Millisecond)
			fmt.Fprintln(os.Stderr, "430/430 - 5s - 12ms/step - accuracy: 0.9337 - loss: 0.2155")
		}
		fmt.Println("Test loss: 0.0352\nTest accuracy: 0.9885")
		return
	case "steps":
		fmt.Println("some message\n" + `{"contender": "keras-jax", "steps": 7, "median_ms": 3.5}`)
		return
	case "lacking":
		fmt.Fprintln(os.Stderr, "bench: transformer: not available: there is no layer MultiHeadAttention")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestWatch(t *testing.T) {
	const epochs = "10/10 - 1s before any epoch\nEpoch 1/2\n430/430 - 5s - 12ms/step - loss: 0.2\nEpoch 2/2\n430/430 - 4s - loss: 0.1\n"
	for _, c := range []struct {
		name, out string
		want      sample
	}{
		{"Keras", epochs + "{\"accuracy\": 0.5, \"other\": []}\n", sample{Start: 3, Epochs: []float64{1.5, 1.5}, Steps: 430, Accuracy: 0.5}},
		{"kerasgo", epochs + "Test loss: 0.1\nTest accuracy: 0.25\n", sample{Start: 3, Epochs: []float64{1.5, 1.5}, Steps: 430, Accuracy: 0.25}},
	} {
		now := 0.0
		got, _, err := watch(strings.NewReader(c.out), func() float64 { now += 1.5; return now })
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%s: %v, -want +got:\n%s", c.name, err, d)
		}
	}
	if _, _, err := watch(strings.NewReader("{broken\n"), func() float64 { return 0 }); err == nil {
		t.Error("broken JSON: no error")
	}
}

func TestTimeEpochs(t *testing.T) {
	t.Setenv("BENCH_CONTENDER", "notebook")
	s, err := timeEpochs(exec.Command(os.Args[0]), 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Epochs) != 2 || s.Epochs[0] <= 0 || s.Steps != 430 || s.Accuracy != 0.9885 || s.Wall < s.Start+s.Epochs[0]+s.Epochs[1] {
		t.Errorf("got %+v", s)
	}
	if _, err := timeEpochs(exec.Command(os.Args[0]), 3); err == nil || !strings.Contains(err.Error(), "2 epochs, not of 3") {
		t.Errorf("too few epochs: %v", err)
	}
}

func TestLater(t *testing.T) {
	for _, c := range []struct {
		epochs []float64
		want   float64
	}{{[]float64{9, 4, 5}, 4.5}, {[]float64{9}, 9}} {
		if got := (sample{Epochs: c.epochs}).later(); got != c.want {
			t.Errorf("%v: %v, want %v", c.epochs, got, c.want)
		}
	}
}
