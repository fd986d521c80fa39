package run

import (
	"fmt"
	"slices"
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

// Unwrap returns what was panicked with, when that is an error.
func (e *StepError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// begin opens a new run of the frame and returns its number. Counters carry that
// number in their upper half, so that a worker which comes late from an earlier
// run can take nothing from this one.
func (f *Frame) begin() uint32 {
	epoch := f.epoch.Load() + 1
	f.failure.Store(nil)
	f.aside.Store(0)
	if f.Side != nil {
		f.aside.Store(int64(f.Side.Chunks))
	}
	v := version.Load()
	fresh := f.prepared && f.version == v
	f.prepared, f.version = false, v
	for i := range f.next {
		n := uint64(epoch) << 32
		if fresh && i < f.prog.Prepared { // done already
			n += uint64(f.prog.chunks[i])
		}
		f.next[i].Store(n)
		f.done[i].Store(n)
	}
	f.epoch.Store(epoch)
	return epoch
}

// total is the number of chunks of a phase, or of the side.
func (f *Frame) total(phase int) uint64 {
	if phase < len(f.prog.chunks) {
		return uint64(f.prog.chunks[phase])
	}
	return uint64(f.aside.Load())
}

// end closes a run and returns its error.
func (f *Frame) end() error {
	f.Side = nil
	if f.prog.Assigns { // not what this Program has prepared, but perhaps others
		if version.CompareAndSwap(f.version, f.version+1) {
			f.version++
		} else {
			version.Add(1)
		}
	}
	if e := f.failure.Load(); e != nil {
		return e
	}
	f.prepared = true
	return nil
}

// work takes chunks of run epoch, phase after phase, until all are finished or
// the run is over.
func (f *Frame) work(epoch uint32, worker int) {
	timing := worker == 0 && f.Profile
	var start time.Time
	if timing {
		start = time.Now()
	}
	f.crew.present(worker)
	for phase := range f.next {
		total := f.total(phase)
		f.crew.need(worker, true)
		for {
			chunk, ok := f.take(phase, epoch, total)
			if !ok {
				f.crew.need(worker, false)
				return
			}
			if chunk >= total {
				break
			}
			f.runChunk(phase, int(chunk), worker)
			f.done[phase].Add(1)
		}
		f.crew.need(worker, worker == 0) // which alone can end the run
		if !f.barrier(phase, worker, epoch, total) {
			return
		}
		if timing {
			now := time.Now()
			f.times[phase] += int64(now.Sub(start))
			start = now
		}
	}
}

// onTheSide does one chunk of the side, if there is one left.
func (f *Frame) onTheSide(side, worker int, epoch uint32) bool {
	total := f.total(side)
	chunk, ok := f.take(side, epoch, total)
	if !ok || chunk >= total {
		return false
	}
	f.runChunk(side, int(chunk), worker)
	f.done[side].Add(1)
	return true
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
	if phase == len(f.prog.Phases) {
		f.runStep(f.Side, len(f.prog.leaves), chunk, worker)
		return
	}
	first := f.prog.first[phase]
	i, exact := slices.BinarySearch(first, chunk)
	if !exact {
		i--
	}
	s := &f.prog.Phases[phase][i]
	leaf := f.prog.leaf[phase][i]
	if s.Run != nil {
		f.runStep(s, leaf, chunk-first[i], worker)
		return
	}
	for k := range s.Parts {
		f.runStep(&s.Parts[k], leaf+k, chunk-first[i], worker)
	}
}

// runStep runs one chunk of one step, unless something has failed.
func (f *Frame) runStep(s *Step, leaf, chunk, worker int) {
	defer f.caught(s)
	if f.failure.Load() != nil {
		return
	}
	if !f.Profile {
		s.Run(f, chunk, f.scratch[worker][:s.Scratch])
		return
	}
	start := time.Now()
	s.Run(f, chunk, f.scratch[worker][:s.Scratch])
	f.measured(leaf, chunk, worker, start, time.Now())
}

// caught turns a panic in a step into the run's error.
func (f *Frame) caught(s *Step) {
	if v := recover(); v != nil {
		f.failure.CompareAndSwap(nil, &StepError{s.Name, s.Scope, v})
	}
}
