package keras

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
)

// WriteProfiles prints where time went, for each Program: by layer, by operation,
// and by phase, with the speed of each operation as a share of what one core of this
// machine can do, which is measured now and takes 50 ms.
//
// Operations are counted as for a dense computation: algorithms that need fewer, such
// as Winograd's, show more than the peak.
func WriteProfiles(w io.Writer, list []Profile) error {
	peak := kernel.FMAPeak()
	var all time.Duration
	for i := range list {
		all += list[i].Times.Wall
	}
	for i := range list {
		l := &list[i]
		text := l.text(peak)
		if l.Times.Wall < all/20 {
			text = l.head() + "\n"
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// head is the line that every Program gets.
func (l *Profile) head() string {
	return fmt.Sprintf("Profile of the %s: %d runs, %.3f ms each\n", l.title(), l.Times.Runs, 1e3*l.perRun())
}

// perRun is the seconds of a run by the clock.
func (l *Profile) perRun() float64 { return l.Times.Wall.Seconds() / float64(max(l.Times.Runs, 1)) }

// title names a Program by what it is for.
func (l *Profile) title() string {
	name := map[string]string{"train": "training step", "test": "evaluation step", "predict": "prediction"}[l.Mode]
	return fmt.Sprintf("%s, batch %d", name, l.Batch)
}

// text is the profile of one Program; peak is in GFLOP/s of a core.
func (l *Profile) text(peak float64) string {
	t := &l.Times
	var flops int64
	for _, s := range l.Steps {
		flops += s.FLOPs
	}
	var b strings.Builder
	wall := l.perRun()
	b.WriteString(l.head())
	fmt.Fprintf(&b, "  %.1f MFLOP a run, %.1f GFLOP/s: %.0f%% of the peak of %d × %.0f GFLOP/s measured from registers (%s)\n",
		float64(flops)/1e6, float64(flops)/wall/1e9, 100*float64(flops)/wall/1e9/peak/float64(max(t.Workers, 1)), t.Workers, peak, kernel.ISA())
	fmt.Fprintf(&b, "  %d workers, %d barriers a run, %.1f%% of the workers' time idle in runs", t.Workers, l.Phases, 100*t.Idle())
	if t.Gaps > 0 {
		gap := t.Between / time.Duration(t.Gaps)
		fmt.Fprintf(&b, "; %s from one run to the next, %.1f%% of the time", micros(gap), 100*gap.Seconds()/(gap.Seconds()+wall))
	}
	b.WriteString("\n\n")
	l.byLayer(&b, peak)
	l.byOperation(&b, peak)
	l.byPhase(&b)
	return b.String()
}

func micros(d time.Duration) string { return fmt.Sprintf("%.1f µs", float64(d.Nanoseconds())/1e3) }

// table writes rows whose cells are separated by tabs, numbers to the right.
func table(b *strings.Builder, rows func(line func(format string, args ...any))) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	rows(func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) })
	_ = w.Flush() // a strings.Builder takes everything
	b.WriteString("\n")
}

// cost sums up steps.
type cost struct {
	name         string
	flops, bytes int64 // of one run
	calls        int   // kernel calls of one run
	time         time.Duration
	phase        int
	layer        string
}

func (c *cost) add(s *run.StepTime) {
	c.flops += s.FLOPs
	c.bytes += s.Bytes
	c.calls += s.Chunks
	c.time += s.Time
}

// cells are the columns that layers and operations share.
func (c *cost) cells(l *Profile, peak float64) string {
	per := c.time.Seconds() / float64(max(l.Times.Runs, 1))
	speed, share, memory := "", "", ""
	if c.flops > 0 && per > 0 {
		g := float64(c.flops) / per / 1e9
		speed, share = fmt.Sprintf("%.1f", g), fmt.Sprintf("%.0f%%", 100*g/peak)
	}
	if c.bytes > 0 && per > 0 {
		memory = fmt.Sprintf("%.1f", float64(c.bytes)/per/1e9)
	}
	part := 0.0
	if l.Times.Busy > 0 {
		part = 100 * float64(c.time) / float64(l.Times.Busy)
	}
	return fmt.Sprintf("%.1f\t%.1f%%\t%d\t%.2f\t%s\t%s\t%.2f\t%s", per*1e6, part, c.calls, float64(c.flops)/1e6, speed, share, float64(c.bytes)/1e6, memory)
}

const costHead = "µs\tshare\tcalls\tMFLOP\tGFLOP/s\tof peak\tMB\tGB/s"

// group sums up steps by a key, the most expensive first.
func (l *Profile) group(key func(s *run.StepTime) cost) []*cost {
	var list []*cost
	at := map[cost]*cost{}
	for i := range l.Steps {
		k := key(&l.Steps[i])
		c := at[k]
		if c == nil {
			c = new(k)
			at[k] = c
			list = append(list, c)
		}
		c.add(&l.Steps[i])
	}
	slices.SortStableFunc(list, func(a, b *cost) int { return cmp.Compare(b.time, a.time) })
	return list
}

func (l *Profile) byLayer(b *strings.Builder, peak float64) {
	table(b, func(line func(string, ...any)) {
		line("%s\t  layer", costHead)
		for _, c := range l.group(func(s *run.StepTime) cost { return cost{name: s.Scope} }) {
			line("%s\t  %s", c.cells(l, peak), cmp.Or(c.name, "(no layer)"))
		}
	})
}

// byOperation leaves small ones out: those below a thousandth.
func (l *Profile) byOperation(b *strings.Builder, peak float64) {
	table(b, func(line func(string, ...any)) {
		line("%s\tphase\t  operation, layer", costHead)
		rest, n := cost{}, 0
		for _, c := range l.group(func(s *run.StepTime) cost { return cost{name: s.Name, layer: s.Scope, phase: s.Phase} }) {
			if c.time < l.Times.Busy/1000 {
				rest.time += c.time
				rest.flops += c.flops
				rest.bytes += c.bytes
				rest.calls += c.calls
				n++
				continue
			}
			name := c.name
			if c.layer != "" {
				name += ", " + c.layer
			}
			line("%s\t%d\t  %s", c.cells(l, peak), c.phase, name)
		}
		if n > 0 {
			line("%s\t\t  %d others", rest.cells(l, peak), n)
		}
	})
}

// byPhase shows where workers wait for each other.
func (l *Profile) byPhase(b *strings.Builder) {
	n := len(l.Times.Phases)
	busy, most, chunks := make([]time.Duration, n), make([]run.StepTime, n), make([]int, n)
	for _, s := range l.Steps {
		busy[s.Phase] += s.Time
		chunks[s.Phase] += s.Chunks
		if s.Time >= most[s.Phase].Time {
			most[s.Phase] = s
		}
	}
	runs := time.Duration(max(l.Times.Runs, 1))
	table(b, func(line func(string, ...any)) {
		line("phase\tµs\tidle\tcalls\t  most of it")
		for i, wall := range l.Times.Phases {
			t := run.Times{Workers: l.Times.Workers, Wall: wall, Busy: busy[i]}
			name := most[i].Name
			if most[i].Scope != "" {
				name += ", " + most[i].Scope
			}
			line("%d\t%.1f\t%.1f%%\t%d\t  %s", i, float64((wall/runs).Nanoseconds())/1e3, 100*t.Idle(), chunks[i], name)
		}
	})
}
