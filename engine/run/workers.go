package run

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Threads returns how many goroutines run a Program together: KERASGO_THREADS,
// or else GOMAXPROCS, which Go sets from the machine and from container quotas.
// A malformed KERASGO_THREADS is an error.
func Threads() (int, error) {
	s := os.Getenv("KERASGO_THREADS")
	if s == "" {
		return runtime.GOMAXPROCS(0), nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1024 {
		return runtime.GOMAXPROCS(0), fmt.Errorf("KERASGO_THREADS=%q: want a number from 1 to 1024", s)
	}
	return n, nil
}

// Pool is a set of persistent workers. The zero value is not usable; see NewPool.
type Pool struct {
	size   int  // workers at most, the caller included
	follow bool // no more than GOMAXPROCS of them, which Go changes with a container's quota
	busy   sync.Mutex
	job    atomic.Pointer[Frame] // what workers may join
	wake   []chan struct{}
	park   []atomic.Bool // worker i sleeps on wake[i]
	runs   atomic.Uint64 // measured ones, to tell which follow one another
}

// spinIdle is how long a worker looks for the next run before it goes to sleep:
// longer than the host's work between two training steps, short enough to be
// polite on a busy machine.
const spinIdle = 300 * time.Microsecond

// NewPool starts a pool of n workers; the goroutine that calls Run is one of them.
func NewPool(n int) *Pool {
	p := &Pool{size: max(n, 1)}
	p.wake = make([]chan struct{}, p.size)
	p.park = make([]atomic.Bool, p.size)
	for i := 1; i < p.size; i++ {
		p.wake[i] = make(chan struct{}, 1)
		go p.work(i)
	}
	return p
}

// Default returns the pool that all models share, with Threads workers; when
// KERASGO_THREADS says nothing, their number follows GOMAXPROCS.
var Default = sync.OnceValue(func() *Pool {
	n, err := Threads()
	if err != nil || os.Getenv("KERASGO_THREADS") == "" {
		return newFollower(max(n, runtime.NumCPU()))
	}
	return NewPool(n)
})

// newFollower starts a pool of as many workers as GOMAXPROCS says at each run, at most n.
func newFollower(n int) *Pool {
	p := NewPool(n)
	p.follow = true
	return p
}

// Size returns how many workers a run now has, the caller of Run included.
func (p *Pool) Size() int {
	if p.follow {
		return min(p.size, runtime.GOMAXPROCS(0))
	}
	return p.size
}

// Close ends the pool's goroutines. The pool must not be used afterwards.
func (p *Pool) Close() {
	p.busy.Lock() // for good
	for i := 1; i < p.size; i++ {
		close(p.wake[i])
	}
}

// Run executes the frame's Program and returns when all of it is done. When the
// pool is busy with another caller's frame, the caller does all of the work. The
// error tells of a step that panicked: bad data, such as an index out of range,
// or a bug.
func (p *Pool) Run(f *Frame) error {
	if err := f.ready(); err != nil {
		return err
	}
	n := min(p.Size(), len(f.scratch))
	if f.Profile {
		f.startClock(p, n)
		defer f.stopClock()
	}
	epoch := f.begin()
	if n == 1 || !f.prog.shared || !p.busy.TryLock() {
		f.work(epoch, 0)
		return f.end()
	}
	f.workers.Store(int32(n))
	p.job.Store(f)
	for i := 1; i < n; i++ {
		if p.park[i].Load() {
			select {
			case p.wake[i] <- struct{}{}:
			default: // a token is there already
			}
		}
	}
	f.work(epoch, 0)
	p.job.Store(nil)
	f.crew.need(0, false)
	p.busy.Unlock()
	return f.end()
}

// work is the life of worker i.
func (p *Pool) work(i int) {
	idle := time.Now()
	var last *Frame // whose run epoch this worker has finished
	var epoch uint32
	var w patience
	for spins := 0; ; spins++ {
		if f := p.job.Load(); f != nil && i < int(f.workers.Load()) {
			if e := f.epoch.Load(); f != last || e != epoch {
				f.work(e, i)
				last, epoch, w = f, e, patience{}
			} else { // the caller has not noticed yet
				w.wait(f, i, spinTight)
			}
			idle, spins = time.Now(), 0
			continue
		}
		last = nil
		if spins%64 != 63 {
			continue
		}
		if time.Since(idle) < spinIdle {
			runtime.Gosched()
			continue
		}
		p.park[i].Store(true)
		if p.job.Load() == nil { // else a run began while we made up our mind
			if _, ok := <-p.wake[i]; !ok {
				return
			}
		}
		p.park[i].Store(false)
		idle = time.Now()
	}
}
