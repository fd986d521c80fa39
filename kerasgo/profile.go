package keras

import (
	"cmp"
	"slices"

	"github.com/kerasgo/kerasgo/engine/run"
)

// Profile tells where the time of one of a model's compiled Programs goes: the
// training step, say, for one batch size. WriteProfiles prints it, WriteTrace makes
// a picture of its last runs.
type Profile struct {
	Mode   string         // "train", "test" or "predict"
	Batch  int            // samples of a run
	Runs   int            // since SetProfiling(true)
	Phases int            // of a run; after each, the workers wait for each other
	Steps  []run.StepTime // sums over all runs, in the Program's order; see run.ProfileTable
	Times  run.Times      // of whole runs
	Trace  []run.Event    `json:"-"` // of the last runs
}

// SetProfiling makes the model's Programs measure their steps from their next use
// on, or no longer. Earlier measurements are forgotten. It costs two looks at the
// clock for each chunk of a step.
func (m *Model) SetProfiling(on bool) {
	m.programs.profile.Store(on)
	m.eachFrame(func(_ *program, f *run.Frame) { f.ResetProfile() })
}

// Profiles returns what was measured since SetProfiling(true), one Profile for
// every Program that ran, the one that took the most time first. Runs that have not
// ended are left out.
func (m *Model) Profiles() []Profile {
	var list []Profile
	at := map[*program]int{}
	m.eachFrame(func(p *program, f *run.Frame) {
		if f.ProfiledRuns() == 0 {
			return
		}
		k, ok := at[p]
		if !ok {
			k = len(list)
			at[p] = k
			list = append(list, Profile{Mode: [...]string{"predict", "test", "train"}[p.mode], Batch: p.batch, Phases: len(p.Phases) - p.Prepared})
		}
		list[k].add(f)
	})
	slices.SortStableFunc(list, func(a, b Profile) int { return cmp.Compare(b.Times.Wall, a.Times.Wall) })
	return list
}

// add adds what a frame has measured.
func (l *Profile) add(f *run.Frame) {
	l.Runs += f.ProfiledRuns()
	times := f.StepTimes()
	for i := range l.Steps {
		times[i].Time += l.Steps[i].Time
	}
	l.Steps = times
	l.Times.Add(f.Times())
	l.Trace = f.Trace()
	sum := 0.0
	for _, t := range times {
		sum += float64(t.Time)
	}
	for i := range times {
		if sum > 0 {
			times[i].Share = float64(times[i].Time) / sum
		}
	}
}

// eachFrame calls do for every frame that no run is using.
func (m *Model) eachFrame(do func(*program, *run.Frame)) {
	m.programs.mu.Lock()
	defer m.programs.mu.Unlock()
	for _, p := range m.programs.m {
		var idle []*run.Frame
		for more := true; more; {
			select {
			case f := <-p.frames:
				idle = append(idle, f)
			default:
				more = false
			}
		}
		for _, f := range idle {
			do(p, f)
			p.frames <- f
		}
	}
}
