package run

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// How a worker waits for the others: it spins while they are likely to be done at
// once, doing what is left of the side, then lets other goroutines run. When the wait
// is longer than that, either a chunk is long or the system has taken a worker's thread
// off its processor. In the first case the worker sleeps, the longer the longer it has
// waited; in the second it gives the other thread its own processor.
const (
	spinTight  = 2000 // looks
	spinSide   = 64   // looks before a chunk of the side is done instead
	spinYield  = 50 * time.Microsecond
	spinNap    = 200 * time.Microsecond
	longestNap = time.Millisecond
)

// A patience waits for one event.
type patience struct {
	looks int
	since time.Time
}

// wait waits a little. Tight is the number of looks before anyone else may run.
func (w *patience) wait(f *Frame, worker, tight int) {
	w.looks++
	switch {
	case w.looks < tight:
		return
	case w.since.IsZero():
		w.since = time.Now()
	case w.looks%16 == 0:
		waited := time.Since(w.since)
		if waited > spinYield && f.crew.free(worker) {
			return
		}
		if waited > spinNap {
			doze(min(waited/4, longestNap))
		}
	}
	runtime.Gosched()
	f.crew.present(worker)
}

// barrier waits until all chunks of a phase are finished, by whomever. It returns
// false when the run is over.
func (f *Frame) barrier(phase, worker int, epoch uint32, total uint64) bool {
	var w patience
	side := len(f.prog.chunks)
	for looks := 0; ; looks++ {
		d := f.done[phase].Load()
		switch {
		case uint32(d>>32) != epoch:
			return false
		case d&0xffffffff == total:
			return true
		case looks%spinSide == spinSide-1 && f.onTheSide(side, worker, epoch):
			w = patience{}
			continue
		}
		w.wait(f, worker, spinTight)
	}
}

// crew knows the threads on which the workers of a frame run. A thread that the system
// has taken away in the midst of a chunk, for another process, holds up the others for
// as long as that process may run: some milliseconds, as long as a whole training step.
// But another process has no more right to that processor than to any other. So a worker
// that waits changes places with the one it waits for.
type crew struct{ workers []seat }

// moving is held by who moves threads: while one is moved it is bound to a processor.
var moving sync.Mutex

// seat is what is known of one worker.
type seat struct {
	thread atomic.Int64 // see thread; 0: none
	needed atomic.Bool  // others wait, or may have to, until it goes on
	_      [48]byte     // up to a cache line
}

// present takes note of the thread on which a worker runs.
func (c *crew) present(worker int) {
	if c.workers != nil {
		c.workers[worker].thread.Store(thread())
	}
}

// need says whether others have to wait for a worker.
func (c *crew) need(worker int, yes bool) {
	if c.workers != nil {
		c.workers[worker].needed.Store(yes)
	}
}

// free looks for a worker that is needed and has no processor, and gives it the one of
// the caller, who is another worker.
func (c *crew) free(caller int) bool {
	if !moving.TryLock() {
		return false
	}
	defer moving.Unlock()
	for i := range c.workers {
		s := &c.workers[i]
		if i == caller || !s.needed.Load() {
			continue
		}
		if t := s.thread.Load(); t != 0 && stopped(t) && s.needed.Load() && changePlaces(t) {
			return true
		}
	}
	return false
}
