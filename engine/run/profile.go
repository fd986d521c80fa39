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
	Time        time.Duration // of all chunks, on whatever worker, over all runs
	Share       float64       // of the time of all steps
}

// PhaseTimes returns how long each phase took in the last run, in nanoseconds,
// when Profile was set: time on the clock, with waiting.
func (f *Frame) PhaseTimes() []int64 { return f.times }

// StepTimes returns what each step has cost in all runs with Profile set since
// ResetProfile, in the order of the Program. It must not be called during a run.
func (f *Frame) StepTimes() []StepTime {
	list := make([]StepTime, len(f.spent))
	var sum time.Duration
	for i, l := range f.prog.leaves {
		list[i] = StepTime{Phase: l.phase, Name: l.step.Name, Scope: l.step.Scope, Chunks: l.step.Chunks,
			FLOPs: l.step.FLOPs, Time: time.Duration(f.spent[i].Load())}
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
func (f *Frame) ProfiledRuns() int { return f.timed }

// ResetProfile forgets the times measured so far.
func (f *Frame) ResetProfile() {
	f.timed = 0
	for i := range f.spent {
		f.spent[i].Store(0)
	}
	clear(f.times)
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
