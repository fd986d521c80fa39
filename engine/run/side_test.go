//go:build unix

package run

import (
	"errors"
	"testing"
	"time"
)

// TestSide: a side's chunks are done once in the run they were given for, whatever
// the number of workers, and a panic in one is the run's error.
func TestSide(t *testing.T) {
	for _, workers := range []int{1, 2, 5} {
		pool := NewPool(workers)
		f := frame(t, chain(4, 7), workers)
		counts := make([]int, 9)
		side := &Step{Name: "Gather", Scope: "data", Chunks: len(counts), Run: func(_ *Frame, chunk int, _ []float32) { counts[chunk]++ }}
		for i := range 200 {
			if i%3 > 0 {
				f.Side = side
			}
			f.Profile = i%2 == 0
			if err := pool.Run(f); err != nil {
				t.Fatal(err)
			}
			verify(t, f, want(4, 7))
			for c, n := range counts {
				if want := (i/3)*2 + i%3; n != want {
					t.Fatalf("%d workers, run %d: chunk %d was done %d times, want %d", workers, i, c, n, want)
				}
			}
		}
		steps := f.StepTimes()
		if s := steps[len(steps)-1]; s.Name != "Gather" || s.Chunks != 9 || s.Time == 0 || s.Phase != 4 || len(f.Times().Phases) != 5 {
			t.Errorf("profile of the side: %+v", s)
		}
		f.Side = &Step{Name: "Gather", Scope: "data", Chunks: 3, Run: func(*Frame, int, []float32) { panic("boom") }}
		var e *StepError
		if err := pool.Run(f); !errors.As(err, &e) || e.Step != "Gather" {
			t.Errorf("error %v", err)
		}
		if err := pool.Run(f); err != nil {
			t.Errorf("after an error: %v", err)
		}
		pool.Close()
	}
}

// TestSideInsteadOfWaiting: a worker that waits for another does the side's chunks.
func TestSideInsteadOfWaiting(t *testing.T) {
	p := chain(1, 2)
	done := make(chan bool)
	inner := p.Phases[0][0].Run
	p.Phases[0][0].Run = func(f *Frame, chunk int, s []float32) {
		if chunk == 0 { // until the other worker has done the side
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Error("nobody does the side")
			}
		}
		inner(f, chunk, s)
	}
	pool := NewPool(2)
	defer pool.Close()
	f := frame(t, p, 2)
	f.Side = &Step{Name: "Gather", Chunks: 1, Run: func(*Frame, int, []float32) { close(done) }}
	if err := pool.Run(f); err != nil {
		t.Fatal(err)
	}
}
