package run

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// StepTime is what one step of a Program has cost.
type StepTime struct {
	Phase       int
	Name, Scope string
	Chunks      int
	FLOPs       int64         // of one run
	Bytes       int64         // of the operands read and written by one run
	Time        time.Duration // of all chunks, on whatever worker, over all runs
	Share       float64       // of the time of all steps
}

// Times is what a frame has measured since ResetProfile, in runs with Profile set.
type Times struct {
	Runs    int
	Workers int
	Wall    time.Duration   // by the clock, of all runs
	Between time.Duration   // from each run to the next, where no other run was between: the host's work
	Gaps    int             // of which Between is the sum
	Busy    time.Duration   // of all chunks, on whatever worker
	Phases  []time.Duration // by the clock, of all runs, waiting at the barrier included; what was left of the side at last
}

// Idle is the share of the workers' time in runs that they spent waiting.
func (t *Times) Idle() float64 {
	if t.Wall <= 0 || t.Workers == 0 {
		return 0
	}
	return max(0, 1-float64(t.Busy)/float64(t.Wall)/float64(t.Workers))
}

// Add adds what another frame of the same Program has measured.
func (t *Times) Add(o Times) {
	t.Runs += o.Runs
	t.Workers = max(t.Workers, o.Workers)
	t.Wall += o.Wall
	t.Between += o.Between
	t.Gaps += o.Gaps
	t.Busy += o.Busy
	for i, d := range o.Phases {
		if i == len(t.Phases) {
			t.Phases = append(t.Phases, 0)
		}
		t.Phases[i] += d
	}
}

// clock measures whole runs.
type clock struct {
	runs, workers, gaps int
	wall, between       time.Duration
	start, end          time.Time
	number              uint64 // of the last run, counted by the pool
}

// startClock is called before a run of a frame with Profile.
func (f *Frame) startClock(p *Pool, workers int) {
	c := &f.clock
	c.workers = max(c.workers, workers)
	number := p.runs.Add(1)
	c.start = time.Now()
	if f.Side != nil {
		f.lastSide = f.Side
	}
	if c.runs > 0 && number == c.number+1 {
		c.between += c.start.Sub(c.end)
		c.gaps++
	}
	c.number = number
	slot := f.trace[c.runs%tracedRuns]
	for w := range slot {
		slot[w] = slot[w][:0]
	}
}

func (f *Frame) stopClock() {
	c := &f.clock
	c.end = time.Now()
	c.wall += c.end.Sub(c.start)
	c.runs++
}

// measured takes note of one chunk.
func (f *Frame) measured(leaf, chunk, worker int, start, end time.Time) {
	f.spent[leaf].Add(int64(end.Sub(start)))
	e := &f.trace[f.clock.runs%tracedRuns][worker]
	*e = append(*e, Event{leaf: leaf, Chunk: chunk, Worker: worker, Start: start.Sub(zero), Time: end.Sub(start)})
}

// Times returns what was measured since ResetProfile. It must not be called during
// a run.
func (f *Frame) Times() Times {
	c := &f.clock
	t := Times{Runs: c.runs, Workers: c.workers, Wall: c.wall, Between: c.between, Gaps: c.gaps}
	for i, d := range f.times {
		if i < len(f.prog.Phases) || f.lastSide != nil {
			t.Phases = append(t.Phases, time.Duration(d))
		}
	}
	for i := range f.spent {
		t.Busy += time.Duration(f.spent[i].Load())
	}
	return t
}

// StepTimes returns what each step has cost in all runs with Profile set since
// ResetProfile, in the order of the Program. It must not be called during a run.
func (f *Frame) StepTimes() []StepTime {
	leaves := f.leaves()
	list := make([]StepTime, len(leaves))
	var sum time.Duration
	for i, l := range leaves {
		list[i] = StepTime{Phase: l.phase, Name: l.step.Name, Scope: l.step.Scope, Chunks: l.step.Chunks,
			FLOPs: l.step.FLOPs, Bytes: l.step.Bytes, Time: time.Duration(f.spent[i].Load())}
		sum += list[i].Time
	}
	if sum > 0 {
		for i := range list {
			list[i].Share = float64(list[i].Time) / float64(sum)
		}
	}
	return list
}

// ProfiledRuns returns the number of runs with Profile set since ResetProfile.
func (f *Frame) ProfiledRuns() int { return f.clock.runs }

// leaves are the Program's and, if there was one, the side.
func (f *Frame) leaves() []leaf {
	if f.lastSide == nil {
		return f.prog.leaves
	}
	return append(slices.Clone(f.prog.leaves), leaf{len(f.prog.Phases), f.lastSide})
}

// ResetProfile forgets the times measured so far.
func (f *Frame) ResetProfile() {
	f.clock, f.lastSide = clock{}, nil
	for i := range f.spent {
		f.spent[i].Store(0)
	}
	clear(f.times)
	for _, slot := range f.trace {
		for w := range slot {
			slot[w] = slot[w][:0]
		}
	}
}

// ProfileTable formats step times of a number of runs, the most expensive first,
// with their time per run, share and speed. Steps below a thousandth are summed up
// in the last line.
func ProfileTable(times []StepTime, runs int) string {
	runs = max(runs, 1)
	times = slices.Clone(times)
	slices.SortStableFunc(times, func(a, b StepTime) int { return int(b.Time - a.Time) })
	var b strings.Builder
	fmt.Fprintf(&b, "%10s %6s %8s  %5s  %-40s %s\n", "µs/step", "share", "GFLOP/s", "phase", "operation", "layer")
	var rest time.Duration
	small := 0
	for _, t := range times {
		if t.Share < 0.001 {
			rest += t.Time
			small++
			continue
		}
		per := t.Time.Seconds() / float64(runs)
		speed := ""
		if t.FLOPs > 0 && per > 0 {
			speed = fmt.Sprintf("%.1f", float64(t.FLOPs)/per/1e9)
		}
		fmt.Fprintf(&b, "%10.1f %5.1f%% %8s  %5d  %-40s %s\n", per*1e6, t.Share*100, speed, t.Phase, t.Name, t.Scope)
	}
	if small > 0 {
		fmt.Fprintf(&b, "%10.1f %6s %8s  %5s  %d others\n", rest.Seconds()/float64(runs)*1e6, "", "", "", small)
	}
	return b.String()
}
