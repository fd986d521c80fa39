package run

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// allowed returns the processors that a thread may use when nobody moves it.
func allowed(t *testing.T, thread int64) processors {
	t.Helper()
	moving.Lock()
	defer moving.Unlock()
	var s processors
	if !affinity(syscall.SYS_SCHED_GETAFFINITY, thread, &s) {
		t.Fatal("the processors of a thread cannot be read")
	}
	return s
}

// TestStopped: a thread that runs is told from one that sleeps.
func TestStopped(t *testing.T) {
	var number atomic.Int64
	var end atomic.Bool
	defer end.Store(true)
	go func() {
		runtime.LockOSThread()
		number.Store(thread())
		for !end.Load() {
		}
	}()
	for number.Load() == 0 {
		runtime.Gosched()
	}
	until := time.Now().Add(20 * time.Second)
	for stopped(number.Load()) { // for a while it may be, on a busy machine
		if time.Now().After(until) {
			t.Fatal("a running thread seems to stand still")
		}
	}
	pipe := make([]int, 2)
	if err := syscall.Pipe(pipe); err != nil {
		t.Fatal(err)
	}
	number.Store(0)
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		number.Store(thread())
		_, _ = syscall.Read(pipe[0], make([]byte, 1)) // until the other end is closed
		close(done)
	}()
	for number.Load() == 0 {
		runtime.Gosched()
	}
	for !stopped(number.Load()) {
		if time.Now().After(until) {
			t.Fatal("a sleeping thread seems to run")
		}
	}
	if err := syscall.Close(pipe[1]); err != nil {
		t.Fatal(err)
	}
	<-done
	if err := syscall.Close(pipe[0]); err != nil {
		t.Fatal(err)
	}
}

// TestChangePlaces: a worker that sleeps in a chunk is taken for one that the system
// has stopped; the result is right and nobody is bound to a processor afterwards.
func TestChangePlaces(t *testing.T) {
	p := chain(3, 2)
	inner := p.Phases[1][0].Run
	var sleeper atomic.Int64
	p.Phases[1][0].Run = func(f *Frame, chunk int, s []float32) {
		if chunk == 0 {
			sleeper.Store(thread())
			doze(5 * time.Millisecond)
		}
		inner(f, chunk, s)
	}
	pool := NewPool(2)
	defer pool.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := allowed(t, 0)
	f := frame(t, p, 2)
	for range 5 {
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
		verify(t, f, want(3, 2))
		for _, thread := range []int64{0, sleeper.Load()} {
			if diff := cmp.Diff(before, allowed(t, thread)); diff != "" {
				t.Errorf("a thread's processors changed:\n%s", diff)
			}
		}
	}
	if n := testing.AllocsPerRun(10, func() { processor(thread()) }); n != 0 {
		t.Errorf("looking for a processor allocates %v times", n)
	}
	if _, ok := processor(1 << 40); ok {
		t.Error("a thread that does not exist has a processor")
	}
	if n, ok := processor(thread()); !ok || before[n/64]>>(n%64)&1 == 0 {
		t.Errorf("runs on processor %d, %v, of %v", n, ok, before)
	}
}
