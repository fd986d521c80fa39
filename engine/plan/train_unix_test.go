//go:build unix

package plan_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/kerasgo/kerasgo/engine/run"
)

// BenchmarkTrainingStep is one training step of the notebook's CNN with
// KERASGO_THREADS threads. On a busy machine the processor time tells more than the
// time on the clock.
func BenchmarkTrainingStep(b *testing.B) {
	m, want := notebook()
	threads, err := run.Threads()
	if err != nil {
		b.Fatal(err)
	}
	_, f := m.frame(b, want, threads)
	pool := run.NewPool(threads)
	defer pool.Close()
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		if err := pool.Run(f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/1000/float64(b.N), "cpu-ms/step")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/step")
}

// cpuTime is what the process has used.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
