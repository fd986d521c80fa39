//go:build unix

package run

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// chain is a Program of some phases. Buffer p has one number for each chunk of
// phase p, which is the sum of all numbers of the phase before, plus 1; buffer 0
// is input "x".
func chain(phases, chunks int) *Program {
	p := &Program{Inputs: []string{"x"}, Outputs: []int{phases}}
	spec := graph.Spec{Shape: graph.Shape{chunks}}
	p.Buffers = append(p.Buffers, Buffer{Place: Input, Spec: spec})
	for i := range phases {
		p.Buffers = append(p.Buffers, Buffer{Offset: i * (chunks*4 + 63) / 64 * 64, Spec: spec})
		p.ArenaSize = p.Buffers[i+1].Offset + chunks*4
		p.Phases = append(p.Phases, []Step{{Name: "sum", Scope: "model", Chunks: chunks, Scratch: 1, FLOPs: 10, Run: func(f *Frame, chunk int, scratch []float32) {
			scratch[0] = 1
			for _, v := range f.F32[i] {
				scratch[0] += v
			}
			f.F32[i+1][chunk] = scratch[0]
		}}})
	}
	p.Finish()
	return p
}

// want is the value of a chain's outputs for an input of zeros.
func want(phases, chunks int) float32 {
	v := float32(0)
	for range phases {
		v = v*float32(chunks) + 1
	}
	return v
}

func frame(t testing.TB, p *Program, workers int) *Frame {
	t.Helper()
	f, err := p.NewFrame(nil, workers)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetInput(0, tensor.New(tensor.Float32, p.Buffers[0].Spec.Shape...)); err != nil {
		t.Fatal(err)
	}
	return f
}

func verify(t *testing.T, f *Frame, v float32) {
	t.Helper()
	for i, x := range f.Output(0).Float32s() {
		if x != v {
			t.Fatalf("output %d is %v, want %v", i, x, v)
		}
	}
}

// TestRun runs Programs of many shapes with more and with fewer workers than cores.
func TestRun(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 8, 33} {
		pool := NewPool(workers)
		for _, s := range [][2]int{{1, 1}, {1, 100}, {9, 1}, {7, 3}, {5, 40}} {
			f := frame(t, chain(s[0], s[1]), workers)
			for range 50 {
				clear(f.Output(0).Float32s())
				if err := pool.Run(f); err != nil {
					t.Fatal(err)
				}
				verify(t, f, want(s[0], s[1]))
			}
		}
		pool.Close()
	}
}

// TestEmptyProgram: a Program whose outputs are inputs has nothing to do.
func TestEmptyProgram(t *testing.T) {
	p := &Program{Inputs: []string{"x"}, Buffers: []Buffer{{Place: Input, Spec: graph.Spec{Shape: graph.Shape{2}}}}, Outputs: []int{0}}
	p.Finish()
	f := frame(t, p, 2)
	pool := NewPool(2)
	defer pool.Close()
	if err := pool.Run(f); err != nil {
		t.Fatal(err)
	}
	verify(t, f, 0)
}

// TestProcsChange: the number of processors may change between and during runs.
func TestProcsChange(t *testing.T) {
	old := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(old)
	pool := NewPool(4)
	defer pool.Close()
	f := frame(t, chain(6, 10), 4)
	for i := range 60 {
		if i%10 == 0 {
			runtime.GOMAXPROCS(1 + i/10%4)
		}
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
		verify(t, f, want(6, 10))
	}
}

// TestFollower: a pool that follows GOMAXPROCS has as many workers at each run, within
// what it and the frame were made for.
func TestFollower(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	pool := newFollower(4)
	defer pool.Close()
	for _, c := range []struct{ procs, frame, want int }{{1, 4, 1}, {3, 4, 3}, {2, 1, 1}, {8, 8, 4}, {2, 4, 2}} {
		runtime.GOMAXPROCS(c.procs)
		f := frame(t, chain(6, 10), c.frame)
		f.Profile = true
		for range 20 {
			if err := pool.Run(f); err != nil {
				t.Fatal(err)
			}
			verify(t, f, want(6, 10))
		}
		if n := f.Times().Workers; n != c.want {
			t.Errorf("GOMAXPROCS %d, a frame for %d: %d workers, want %d", c.procs, c.frame, n, c.want)
		}
		for _, e := range f.Trace() {
			if e.Worker >= c.want {
				t.Errorf("GOMAXPROCS %d, a frame for %d: worker %d took part", c.procs, c.frame, e.Worker)
			}
		}
	}
}

// TestManyCallers: callers with frames of their own share a pool; those that find
// it busy work alone.
func TestManyCallers(t *testing.T) {
	pool := NewPool(3)
	defer pool.Close()
	p := chain(5, 6)
	var wg sync.WaitGroup
	for range 12 {
		f := frame(t, p, 3)
		wg.Go(func() {
			for range 200 {
				clear(f.Output(0).Float32s())
				if err := pool.Run(f); err != nil {
					t.Error(err)
					return
				}
				if got := f.Output(0).Float32s()[5]; got != want(5, 6) {
					t.Errorf("got %v", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestSmallFrame: a frame made for fewer workers than the pool has.
func TestSmallFrame(t *testing.T) {
	pool := NewPool(8)
	defer pool.Close()
	for _, workers := range []int{1, 2} {
		f := frame(t, chain(4, 30), workers)
		for range 100 {
			if err := pool.Run(f); err != nil {
				t.Fatal(err)
			}
			verify(t, f, want(4, 30))
		}
	}
}

// TestStaleWorker: a worker that comes late from an earlier run takes no chunk of
// a later one under its old number.
func TestStaleWorker(t *testing.T) {
	f := frame(t, chain(3, 5), 2)
	old := f.begin()
	f.work(old, 0)
	fresh := f.begin()
	if chunk, ok := f.take(0, old, 5); ok {
		t.Fatalf("a worker of run %d took chunk %d of run %d", old, chunk, fresh)
	}
	f.work(old, 1) // returns at once
	if v := f.next[0].Load(); v != uint64(fresh)<<32 {
		t.Fatalf("counter is %x", v)
	}
	if f.barrier(1, 0, old, 5) {
		t.Fatal("a stale worker passed a barrier of a later run")
	}
	f.work(fresh, 1)
	verify(t, f, want(3, 5))
	for phase := range 3 { // after the end nothing is left to take
		if chunk, ok := f.take(phase, fresh, 5); !ok || chunk < 5 {
			t.Fatalf("chunk %d is taken again", chunk)
		}
	}
}

// TestPanicIsAnError: the run ends, tells where, and the frame can be used again.
func TestPanicIsAnError(t *testing.T) {
	boom := errors.New("boom")
	var broken atomic.Bool
	p := chain(4, 10)
	inner := p.Phases[1][0].Run
	p.Phases[1][0] = Step{Name: "Chain", Chunks: 1, Parts: []Step{
		{Name: "first", Chunks: 1, Run: func(*Frame, int, []float32) {}},
		{Name: "second", Scope: "model/dense", Chunks: 1, Scratch: 1, Run: func(f *Frame, _ int, s []float32) {
			if broken.Load() {
				panic(boom)
			}
			for i := range 10 {
				inner(f, i, s)
			}
		}},
	}}
	p = &Program{Inputs: p.Inputs, Buffers: p.Buffers, Outputs: p.Outputs, Phases: p.Phases, ArenaSize: p.ArenaSize}
	p.Finish()
	pool := NewPool(3)
	defer pool.Close()
	f := frame(t, p, 3)
	for i := range 20 {
		broken.Store(i%2 == 1)
		err := pool.Run(f)
		if i%2 == 0 {
			if err != nil {
				t.Fatal(err)
			}
			verify(t, f, want(4, 10))
			continue
		}
		var se *StepError
		if !errors.As(err, &se) || !errors.Is(err, boom) || se.Error() != "model/dense: second: boom" {
			t.Fatalf("got error %v", err)
		}
	}
}

func TestInputErrors(t *testing.T) {
	p := chain(1, 3)
	f, err := p.NewFrame(nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	pool := NewPool(1)
	defer pool.Close()
	if err := pool.Run(f); err == nil || !strings.Contains(err.Error(), `"x" was not fed`) {
		t.Errorf("unfed: %v", err)
	}
	if err := f.SetInput(0, tensor.New(tensor.Float32, 4)); err == nil {
		t.Error("another size was taken")
	}
	if err := f.SetInput(0, tensor.New(tensor.Int32, 3)); err == nil {
		t.Error("another type was taken")
	}
	if p.InputIndex("x") != 0 || p.InputIndex("y") != -1 {
		t.Error("input index")
	}
	p.Buffers = append(p.Buffers, Buffer{Place: Variable, Spec: graph.Spec{Shape: graph.Shape{2}}})
	for _, vars := range [][]*tensor.Tensor{nil, {nil}, {tensor.New(tensor.Float32, 3)}} {
		if _, err := p.NewFrame(vars, 1); err == nil {
			t.Errorf("variables %v were taken", vars)
		}
	}
}

// cpuTime is what the process has used.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestIdleWorkersSleep: after a run, workers use next to no processor time, and
// still wake up for the next run.
func TestIdleWorkersSleep(t *testing.T) {
	pool := NewPool(4)
	defer pool.Close()
	f := frame(t, chain(3, 8), 4)
	for range 3 {
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
			asleep := 0
			for i := range pool.park {
				if pool.park[i].Load() {
					asleep++
				}
			}
			if asleep == 3 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("workers do not go to sleep")
			}
		}
		before := cpuTime(t)
		time.Sleep(100 * time.Millisecond)
		if used := cpuTime(t) - before; used > 30*time.Millisecond {
			t.Errorf("idle workers used %v in 100 ms", used)
		}
	}
}

// TestClose: workers end, and a run afterwards is done by the caller alone.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	pool := NewPool(6)
	f := frame(t, chain(3, 8), 6)
	if err := pool.Run(f); err != nil {
		t.Fatal(err)
	}
	pool.Close()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	if err := pool.Run(f); err != nil {
		t.Fatal(err)
	}
	verify(t, f, want(3, 8))
}

func TestThreads(t *testing.T) {
	for _, c := range []struct {
		set string
		n   int
		ok  bool
	}{{"", runtime.GOMAXPROCS(0), true}, {"3", 3, true}, {"0", runtime.GOMAXPROCS(0), false}, {"two", runtime.GOMAXPROCS(0), false}} {
		t.Setenv("KERASGO_THREADS", c.set)
		if n, err := Threads(); n != c.n || (err == nil) != c.ok {
			t.Errorf("KERASGO_THREADS=%q: %d, %v", c.set, n, err)
		}
	}
}

func TestProfile(t *testing.T) {
	p := chain(2, 4)
	slow := p.Phases[1][0].Run
	p.Phases[1][0].Run = func(f *Frame, chunk int, s []float32) {
		time.Sleep(time.Millisecond)
		slow(f, chunk, s)
	}
	pool := NewPool(2)
	defer pool.Close()
	f := frame(t, p, 2)
	f.Profile = true
	for range 3 {
		if err := pool.Run(f); err != nil {
			t.Fatal(err)
		}
	}
	times := f.StepTimes()
	if len(times) != 2 || times[1].Time < 12*time.Millisecond || times[1].Share < 0.5 || times[1].FLOPs != 10 || times[1].Chunks != 4 {
		t.Errorf("step times: %+v", times)
	}
	total := f.Times()
	if len(total.Phases) != 2 || total.Runs != 3 || total.Workers != 2 || total.Gaps != 2 {
		t.Errorf("times: %+v", total)
	}
	if sum := total.Phases[0] + total.Phases[1]; sum < 6*time.Millisecond || sum > total.Wall || total.Busy < 12*time.Millisecond {
		t.Errorf("times: %+v", total)
	}
	if idle := total.Idle(); idle < 0 || idle >= 1 {
		t.Errorf("idle share %v", idle)
	}
	trace := f.Trace()
	if len(trace) != 3*8 {
		t.Fatalf("%d events of 3 runs of 8 chunks", len(trace))
	}
	var slept time.Duration
	for i, e := range trace {
		if i > 0 && e.Start < trace[i-1].Start || e.Name != "sum" || e.Scope != "model" || e.Worker > 1 || e.Chunk > 3 || e.Run != i/8 {
			t.Errorf("event %d: %+v", i, e)
		}
		if e.Phase == 1 {
			slept += e.Time
		}
	}
	if slept < 12*time.Millisecond {
		t.Errorf("events sleep %v in all", slept)
	}
	if s := ProfileTable(times, 3); !strings.Contains(s, "sum") || !strings.Contains(s, "model") {
		t.Errorf("table:\n%s", s)
	}
	f.ResetProfile()
	if f.StepTimes()[1].Time != 0 || f.Times().Runs != 0 || len(f.Trace()) != 0 {
		t.Error("times are not forgotten")
	}
	if s := p.String(); !strings.Contains(s, "2 phases") || !strings.Contains(s, "4 chunks") {
		t.Errorf("program:\n%s", s)
	}
}
