package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The generated part of a document stands between these lines, so that the text around it can be written by hand.
const (
	begin = "<!-- bench: begin -->\n"
	end   = "<!-- bench: end -->\n"

	readmeBegin = "<!-- performance -->\n"
	readmeEnd   = "<!-- /performance -->\n"
)

// renderCommand writes the documents again.
func renderCommand(args []string) error {
	f := flag.NewFlagSet("render", flag.ContinueOnError)
	var o files
	o.flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	s, err := readStore(o.results)
	if err != nil {
		return err
	}
	return o.render(s)
}

// render writes the documents: the tables, the plot beside them and the README's line.
func (o files) render(s *store) error {
	text := report(s)
	if o.out == "" {
		fmt.Print(text)
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	if err := replaceIn(o.out, begin, end, text); err != nil {
		return err
	}
	if len(s.Growth) > 0 {
		if err := plotGrowth(s.Growth, strings.TrimSuffix(o.out, filepath.Ext(o.out))+".svg"); err != nil {
			return err
		}
	}
	line := headline(s)
	if o.readme == "" || line == "" {
		return nil
	}
	return replaceIn(o.readme, readmeBegin, readmeEnd, line)
}

// replaceIn writes text between two lines of a file.
func replaceIn(path, begin, end, text string) error {
	old, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	merged, err := merge(string(old), begin, end, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(merged), 0o644)
}

// merge replaces what stands between the marks of old; an empty file gets a title and marks.
func merge(old, begin, end, text string) (string, error) {
	if strings.TrimSpace(old) == "" {
		return "# Performance\n\n" + begin + text + end, nil
	}
	head, rest, ok := strings.Cut(old, begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("no lines %q and %q to write between", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return head + begin + text + end + tail, nil
}

// report is the generated part of docs/performance.md.
func report(s *store) string {
	var b strings.Builder
	m := s.Machine
	fmt.Fprintf(&b, "CPU: %s, %d cores; kerasgo uses its %s kernels. Multiply-adds from registers: %.0f GFLOP/s with one thread, %.0f with two. %s, %s.\n\n",
		m.CPU, m.Cores, m.ISA, m.Peak1, m.Peak2, m.OS, m.Go)
	b.WriteString("Contenders ran in turn, round by round, each time in a process of its own. A cell is the median of the rounds' medians, with the lowest and the highest " +
		"in parentheses; behind a peer's time stands kerasgo's as a share of it: below 1, kerasgo is faster.\n")
	section(&b, "Training", "Milliseconds of a step of `fit`, from one batch's end to the next, with shuffled data and metrics; float32, Adam, two threads on both sides.",
		stepTable(s, func(r row) bool { return r.mode == "train" && r.threads == trainThreads }))
	section(&b, "Prediction", "Milliseconds of a call of `predict_on_batch`, of `session.run` for onnxruntime; the same number of threads on both sides.",
		stepTable(s, func(r row) bool { return r.mode == "predict" }))
	section(&b, "The whole notebook", notebookText, notebookTable(s))
	section(&b, "Cold start", "A process that loads the saved notebook CNN, predicts one digit and ends, in milliseconds, from its start to its end.", startTable(s))
	section(&b, "Threads", "", threadsText(s))
	section(&b, "Where kerasgo is slower", "", slowerText(s))
	section(&b, "Products and convolutions", kernelText, kernelTable(s))
	section(&b, "Growth", growthText, growthTable(s))
	section(&b, "Versions and commands", "", versions(s))
	return b.String()
}

// section writes a heading and what stands below it, unless there is nothing.
func section(b *strings.Builder, title, intro, body string) {
	if body == "" {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	if intro != "" {
		b.WriteString(intro + "\n\n")
	}
	b.WriteString(body)
}

// spread is what several runs gave: the median, the lowest and the highest.
type spread struct{ mid, low, high float64 }

func spreadOf(x []float64) (spread, bool) {
	if len(x) == 0 || slices.Max(x) == 0 {
		return spread{}, false
	}
	return spread{median(x), slices.Min(x), slices.Max(x)}, true
}

// cell prints a spread with three digits.
func (s spread) cell() string {
	if s.low == s.high {
		return digits(s.mid)
	}
	return fmt.Sprintf("%s (%s–%s)", digits(s.mid), digits(s.low), digits(s.high))
}

// digits prints a positive number with about three significant digits.
func digits(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 1:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// table is a Markdown table.
func table(head []string, lines [][]string) string {
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|---|%s\n", strings.Join(head, " | "), strings.Repeat("---:|", len(head)-1))
	for _, l := range lines {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(l, " | "))
	}
	return b.String()
}

// versions lists who took part, and how to measure again.
func versions(s *store) string {
	var who []string
	add := func(v string) {
		if v != "" && !slices.Contains(who, v) {
			who = append(who, v)
		}
	}
	for _, r := range s.Steps {
		add(r.Versions)
	}
	for _, n := range s.Notebook {
		add(n.Versions)
	}
	for _, k := range s.Kernels {
		add(k.Version)
	}
	var b strings.Builder
	for _, v := range who {
		fmt.Fprintf(&b, "- %s\n", v)
	}
	if len(who) > 0 {
		b.WriteString("\n")
	}
	seen := map[string]bool{}
	b.WriteString("```\n")
	for _, p := range s.Pieces {
		if line := p.Command + "   # " + p.Date; !seen[line] {
			seen[line] = true
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// readStore reads a store of whatever machine.
func readStore(path string) (*store, error) {
	s, err := openStoreFile(path)
	if err == nil && len(s.Pieces) == 0 {
		err = errors.New(path + ": nothing was measured yet")
	}
	return s, err
}
