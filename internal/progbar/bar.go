package progbar

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Log is one named value behind the bar, such as the running mean of the loss.
type Log struct {
	Name  string
	Value float64
}

// Sorted returns the logs in Keras's order, by name.
func Sorted(values map[string]float64) []Log {
	logs := make([]Log, 0, len(values))
	for name, v := range values {
		logs = append(logs, Log{name, v})
	}
	slices.SortFunc(logs, func(a, b Log) int { return strings.Compare(a.Name, b.Name) })
	return logs
}

// Options describe a Bar.
type Options struct {
	Out      io.Writer        // where to write; nil writes nothing
	Target   int              // number of steps; zero or less means unknown
	Mode     Mode             // zero means Dynamic
	Width    int              // columns of the bar; zero means 20
	Interval time.Duration    // least time between two refreshes; zero means 50 ms, negative means none
	Unit     string           // what a step is called; empty means "step"
	Now      func() time.Time // the clock; nil means time.Now
}

// Bar shows the progress through a known or unknown number of steps. It isn't safe for concurrent use.
type Bar struct {
	opts       Options
	start      time.Time
	lastShown  time.Time
	shown      bool
	afterFirst time.Time // when step 1 was reported
	first      bool      // step 1 was reported
	logs       []Log     // in order of first appearance
	prevWidth  int       // visible columns of the previous refresh
}

// New makes a bar whose time starts now. Nothing is written before the first Update.
func New(o Options) *Bar {
	if o.Width == 0 {
		o.Width = 20
	}
	if o.Interval == 0 {
		o.Interval = 50 * time.Millisecond
	}
	if o.Unit == "" {
		o.Unit = "step"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Bar{opts: o, start: o.Now()}
}

// SetTarget changes the number of steps, for a target that became known on the way.
func (b *Bar) SetTarget(steps int) { b.opts.Target = steps }

// Update reports that current steps are done and the newest values of the logs. Names not given keep their last
// value. A refresh that comes too early is left out unless finalize is set; finalize also ends the line. The error is
// the writer's.
func (b *Bar) Update(current int, logs []Log, finalize bool) error {
	for _, l := range logs {
		if i := slices.IndexFunc(b.logs, func(o Log) bool { return o.Name == l.Name }); i >= 0 {
			b.logs[i].Value = l.Value
		} else {
			b.logs = append(b.logs, l)
		}
	}
	now := b.opts.Now()
	perStep := b.stepTime(current, now)
	text := ""
	switch b.opts.Mode {
	case Dynamic, Static:
		if b.shown && now.Sub(b.lastShown) < b.opts.Interval && !finalize {
			return nil
		}
		text = b.refresh(current, now, perStep, finalize)
	case Line:
		if finalize && b.opts.Target > 0 {
			text = b.line(current, now, perStep)
		}
	}
	b.lastShown, b.shown = now, true
	if text == "" || b.opts.Out == nil {
		return nil
	}
	_, err := io.WriteString(b.opts.Out, text)
	return err
}

// stepTime estimates the seconds per step. The first step (tracing, compiling) is left out once there are more.
func (b *Bar) stepTime(current int, now time.Time) float64 {
	if current == 0 {
		return 0
	}
	t := now.Sub(b.start).Seconds() / float64(current)
	if b.first && current > 1 {
		t = now.Sub(b.afterFirst).Seconds() / float64(current-1)
	}
	if current == 1 {
		b.afterFirst, b.first = now, true
	}
	return t
}

// refresh draws the bar over the previous one.
func (b *Bar) refresh(current int, now time.Time, perStep float64, finalize bool) string {
	var s strings.Builder
	if b.opts.Mode == Dynamic {
		s.WriteString(strings.Repeat("\b", b.prevWidth) + "\r")
	} else {
		s.WriteString("\n")
	}

	width := 0 // visible columns, without escape sequences
	put := func(escape, text string) {
		width += utf8.RuneCountInString(text)
		if escape != "" {
			text = "\x1b[" + escape + "m" + text + "\x1b[0m"
		}
		s.WriteString(text)
	}

	target := b.opts.Target
	if target > 0 {
		put("1", b.count(current))
		put("", " ")
		done := int(float64(b.opts.Width) * (float64(current) / float64(target)))
		if done > 0 {
			put("32", strings.Repeat("━", done))
		}
		put("37", strings.Repeat("━", max(0, b.opts.Width-done)))
	} else {
		put("", fmt.Sprintf("%7d/Unknown", current))
	}
	put("", " ")
	if target > 0 && !finalize {
		put("1", eta(perStep*float64(target-current)))
	} else {
		put("1", b.elapsed(now))
	}
	put("", " "+b.rate(perStep))
	for _, l := range b.logs {
		// NaN goes to the scientific branch, where it prints the same.
		put("", " - "+l.Name+": "+formatValue(l.Value, l.Value > 1e-3 || l.Value < -1e-3))
	}
	if b.prevWidth > width {
		s.WriteString(strings.Repeat(" ", b.prevWidth-width))
	}
	if finalize {
		s.WriteString("\n")
	}
	b.prevWidth = width
	return s.String()
}

// line is the text of verbose=2. Its values are in scientific notation whenever they aren't above 1e-3, all negative
// ones included, as in Keras.
func (b *Bar) line(current int, now time.Time, perStep float64) string {
	var s strings.Builder
	s.WriteString(b.count(current) + " - " + b.elapsed(now) + " - " + b.rate(perStep))
	for _, l := range b.logs {
		s.WriteString(" - " + l.Name + ": " + formatValue(l.Value, l.Value > 1e-3))
	}
	s.WriteString("\n")
	return s.String()
}

// count is "  7/100", the current step padded to the digits of the target.
func (b *Bar) count(current int) string {
	total := strconv.Itoa(b.opts.Target)
	return fmt.Sprintf("%*d/%s", len(total), current, total)
}

func (b *Bar) elapsed(now time.Time) string {
	return strconv.FormatFloat(now.Sub(b.start).Seconds(), 'f', 0, 64) + "s"
}

func (b *Bar) rate(perStep float64) string {
	unit := "s"
	switch {
	case perStep >= 1 || perStep == 0:
	case perStep >= 1e-3:
		perStep, unit = perStep*1e3, "ms"
	default:
		perStep, unit = perStep*1e6, "us"
	}
	return strconv.FormatFloat(perStep, 'f', 0, 64) + unit + "/" + b.opts.Unit
}

// eta formats a remaining time in seconds, cut to whole ones.
func eta(seconds float64) string {
	n := int64(seconds)
	switch {
	case seconds > 3600:
		return fmt.Sprintf("%d:%02d:%02d", n/3600, n%3600/60, n%60)
	case seconds > 60:
		return fmt.Sprintf("%d:%02d", n/60, n%60)
	default:
		return fmt.Sprintf("%ds", n)
	}
}

func formatValue(v float64, fixed bool) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case fixed:
		return strconv.FormatFloat(v, 'f', 4, 64)
	default:
		return strconv.FormatFloat(v, 'e', 4, 64)
	}
}
