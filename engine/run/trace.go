package run

import (
	"cmp"
	"slices"
	"time"
)

// tracedRuns is how many runs a trace shows: the last ones.
const tracedRuns = 5

// Event is one chunk of a step that a worker has run.
type Event struct {
	Run         int // number of the run since ResetProfile
	Phase       int
	Name, Scope string // of the step
	Chunk       int
	Worker      int
	Start       time.Duration // since some moment before all events
	Time        time.Duration

	leaf int
}

// zero is the moment that events are counted from.
var zero = time.Now()

// Trace returns the chunks of the last few runs with Profile set, in the order of
// their start. It must not be called during a run.
func (f *Frame) Trace() []Event {
	var list []Event
	leaves := f.leaves()
	for number := max(0, f.clock.runs-tracedRuns); number < f.clock.runs; number++ {
		for _, events := range f.trace[number%tracedRuns] {
			for _, e := range events {
				l := leaves[e.leaf]
				e.Run, e.Phase, e.Name, e.Scope = number, l.phase, l.step.Name, l.step.Scope
				list = append(list, e)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Event) int { return cmp.Compare(a.Start, b.Start) })
	return list
}
