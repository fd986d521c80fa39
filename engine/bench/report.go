package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/engine/kernel"
)

// columns of the table: what is measured and how it is printed.
var columns = []struct {
	name   string
	format string
	value  func(s sample) float64
}{
	{"start s", "%.2f", func(s sample) float64 { return s.start }},
	{"first epoch s", "%.2f", func(s sample) float64 { return s.epochs[0] }},
	{"later epoch s", "%.2f", sample.later},
	{"step ms", "%.2f", sample.perStep},
	{"whole run s", "%.1f", func(s sample) float64 { return s.wall }},
	{"peak memory MiB", "%.0f", func(s sample) float64 { return s.rssMB }},
	{"test accuracy", "%.4f", func(s sample) float64 { return s.accuracy }},
}

// table is a Markdown table: one row per contender, in each cell the median of its runs and, in parentheses, the lowest and the highest.
func table(all []contender, samples [][]sample) string {
	var b strings.Builder
	b.WriteString("| contender |")
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for i, one := range all {
		fmt.Fprintf(&b, "| %s |", one.name)
		for _, c := range columns {
			b.WriteString(" " + cell(c.format, samples[i], c.value) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cell prints one cell; a value that no run knows is a dash.
func cell(format string, samples []sample, value func(s sample) float64) string {
	x := make([]float64, len(samples))
	for i, s := range samples {
		x[i] = value(s)
	}
	if slices.Max(x) == 0 {
		return "–"
	}
	return fmt.Sprintf(format+" ("+format+"–"+format+")", median(x), slices.Min(x), slices.Max(x))
}

// The report stands between these lines of the file, so that the text around it can be written by hand.
const (
	begin = "<!-- bench: begin -->\n"
	end   = "<!-- bench: end -->\n"
)

// report is the generated part of docs/performance.md.
func report(c config, all []contender, samples [][]sample, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s by `go run ./engine/bench -epochs %d -rounds %d`: the classic MNIST CNN (two 5×5 convolutions, two dense layers, dropout; Adam), "+
		"55,000 images, batches of 128. Each cell is the median of the runs with the lowest and the highest; the contenders ran in turn.\n\n", now.Format(time.DateOnly), c.epochs, c.rounds)
	b.WriteString(table(all, samples))
	fmt.Fprintf(&b, "\nStart is the time until the first epoch begins: imports, reading data, building and compiling. A step is a later epoch divided by its steps.\n\n")
	fmt.Fprintf(&b, "- CPU: %s, %d cores, %s kernels, %.0f GFLOP/s of multiply-adds from one core's registers\n", cpuName(), runtime.NumCPU(), kernel.ISA(), kernel.FMAPeak())
	fmt.Fprintf(&b, "- %s on %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for i, one := range all {
		fmt.Fprintf(&b, "- %s: `%s`", one.name, one.shown)
		if v := samples[i][0].versions; v != "" {
			fmt.Fprintf(&b, " (%s)", v)
		}
		if own := cell("%.2f", samples[i], func(s sample) float64 { return s.stepMS }); own != "–" {
			fmt.Fprintf(&b, "; median step by its own clock %s ms", own)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// writeReport puts the report into the file, between the marks if it has them.
func writeReport(c config, all []contender, samples [][]sample, now time.Time) error {
	old, err := os.ReadFile(c.out)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	text, err := merge(string(old), report(c, all, samples, now))
	if err != nil {
		return fmt.Errorf("%s: %w", c.out, err)
	}
	if err := os.MkdirAll(filepath.Dir(c.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(c.out, []byte(text), 0o644)
}

// merge replaces what stands between the marks of old by the report; an empty file gets a title and marks.
func merge(old, report string) (string, error) {
	if strings.TrimSpace(old) == "" {
		return "# Performance\n\n" + begin + report + end, nil
	}
	head, rest, ok := strings.Cut(old, begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("no lines %q and %q to write between", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return head + begin + report + end + tail, nil
}

// cpuName is the processor's name where the system tells it in /proc/cpuinfo.
func cpuName() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // elsewhere there is none, and then no name
	for line := range bytes.Lines(info) {
		if key, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
