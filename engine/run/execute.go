package run

import (
	"fmt"
	"runtime"
	"time"
)

// StepError is a panic inside a step.
type StepError struct {
	Step, Scope string
	Value       any // what was panicked with
}

func (e *StepError) Error() string {
	if e.Scope == "" {
		return fmt.Sprintf("%s: %v", e.Step, e.Value)
	}
	return fmt.Sprintf("%s: %s: %v", e.Scope, e.Step, e.Value)
}

// begin opens a new run of the frame and returns its number. Counters carry that
// number in their upper half, so that a worker which comes late from an earlier
// run can take nothing from this one.
func (f *Frame) begin() uint32 {
	epoch := f.epoch.Load() + 1
	f.failure.Store(nil)
	for i := range f.next {
		f.next[i].Store(uint64(epoch) << 32)
		f.done[i].Store(uint64(epoch) << 32)
	}
	f.epoch.Store(epoch)
	return epoch
}

func (f *Frame) err() error {
	if e := f.failure.Load(); e != nil {
		return e
	}
	return nil
}

// work takes chunks of run epoch, phase after phase, until all are finished or
// the run is over.
func (f *Frame) work(epoch uint32, worker int) {
	start := time.Time{}
	if f.Profile && worker == 0 {
		start = time.Now()
	}
	for phase := range f.next {
		total := uint64(f.prog.chunks[phase])
		for {
			chunk, ok := f.take(phase, epoch, total)
			if !ok {
				return
			}
			if chunk >= total {
				break
			}
			f.runChunk(phase, int(chunk), worker)
			f.done[phase].Add(1)
		}
		for spins := 0; ; spins++ { // the barrier: all chunks finished, by whomever
			d := f.done[phase].Load()
			if uint32(d>>32) != epoch {
				return
			}
			if d&0xffffffff == total {
				break
			}
			if spins > 2000 {
				runtime.Gosched() // more workers than cores, or a busy machine
			}
		}
		if f.Profile && worker == 0 {
			now := time.Now()
			f.times[phase] = int64(now.Sub(start))
			start = now
		}
	}
}

// take returns the next chunk of a phase; total or more when there is none left,
// false when the run is over.
func (f *Frame) take(phase int, epoch uint32, total uint64) (uint64, bool) {
	for {
		v := f.next[phase].Load()
		if uint32(v>>32) != epoch {
			return 0, false
		}
		chunk := v & 0xffffffff
		if chunk >= total || f.next[phase].CompareAndSwap(v, v+1) {
			return chunk, true
		}
	}
}

// runChunk runs a chunk of a phase, counted through all of its steps.
func (f *Frame) runChunk(phase, chunk, worker int) {
	steps := f.prog.Phases[phase]
	i := 0
	for chunk >= steps[i].Chunks {
		chunk -= steps[i].Chunks
		i++
	}
	s := &steps[i]
	defer f.caught(s)
	if f.failure.Load() == nil {
		s.Run(f, chunk, f.scratch[worker][:s.Scratch])
	}
}

// caught turns a panic in a step into the run's error.
func (f *Frame) caught(s *Step) {
	if v := recover(); v != nil {
		f.failure.CompareAndSwap(nil, &StepError{s.Name, s.Scope, v})
	}
}
