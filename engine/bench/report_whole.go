package main

import (
	"fmt"
	"slices"
	"strings"
)

const notebookText = "`kerasgo fit examples/mnist_cnn.yaml` beside the same recipe in real Keras: MNIST, 55,000 images, batches of 128, validation on 5,000 after each epoch. " +
	"Epochs are timed from outside, by the arrival of the lines that both print. Start is the time until the first epoch begins: imports, reading data, building, " +
	"compiling. Seconds, if nothing else is said."

// notebookColumns are what is shown of the whole notebook.
var notebookColumns = []struct {
	name  string
	value func(sample) float64
}{
	{"start", func(s sample) float64 { return s.Start }},
	{"first epoch", func(s sample) float64 { return s.Epochs[0] }},
	{"later epochs", sample.later},
	{"whole run", func(s sample) float64 { return s.Wall }},
	{"peak memory MiB", func(s sample) float64 { return s.PeakMiB }},
	{"test accuracy", func(s sample) float64 { return s.Accuracy }},
}

// contenders returns those of a list, ours first.
func contenders[T any](list []T, name func(T) string) []string {
	var names []string
	for _, c := range append([]string{ours}, allPeers...) {
		if slices.ContainsFunc(list, func(x T) bool { return name(x) == c }) {
			names = append(names, c)
		}
	}
	return names
}

// values returns what one contender's runs gave.
func values[T any](list []T, mine func(T) bool, value func(T) float64) []float64 {
	var x []float64
	for _, v := range list {
		if mine(v) {
			x = append(x, value(v))
		}
	}
	return x
}

func (s *store) notebookSpread(contender string, value func(sample) float64) (spread, bool) {
	return spreadOf(values(s.Notebook, func(n sample) bool { return n.Contender == contender }, value))
}

// notebookTable has one line for each contender, and kerasgo's share of the others'.
func notebookTable(s *store) string {
	head := []string{"contender"}
	for _, c := range notebookColumns {
		head = append(head, c.name)
	}
	var lines [][]string
	for _, who := range contenders(s.Notebook, func(n sample) string { return n.Contender }) {
		line := []string{label[who]}
		for _, c := range notebookColumns {
			t, ok := s.notebookSpread(who, c.value)
			mine, ok2 := s.notebookSpread(ours, c.value)
			switch {
			case !ok:
				line = append(line, "–")
			case c.name == "test accuracy":
				line = append(line, fmt.Sprintf("%.4f", t.mid))
			case who == ours || !ok2:
				line = append(line, t.cell())
			default:
				line = append(line, fmt.Sprintf("%s; %.3f", t.cell(), mine.mid/t.mid))
			}
		}
		lines = append(lines, line)
	}
	return table(head, lines)
}

// startTable shows cold starts.
func startTable(s *store) string {
	var lines [][]string
	of := func(who string, value func(start) float64) (spread, bool) {
		return spreadOf(values(s.Start, func(x start) bool { return x.Contender == who }, value))
	}
	ms, memory := func(x start) float64 { return x.MS }, func(x start) float64 { return x.PeakMiB }
	for _, who := range contenders(s.Start, func(x start) string { return x.Contender }) {
		t, ok := of(who, ms)
		if !ok {
			continue
		}
		cell := t.cell()
		if mine, ok := of(ours, ms); ok && who != ours {
			cell += fmt.Sprintf("; %.4f", mine.mid/t.mid)
		}
		peak, _ := of(who, memory)
		lines = append(lines, []string{label[who], cell, peak.cell()})
	}
	return table([]string{"contender", "ms", "peak memory MiB"}, lines)
}

// headline is the README's performance section.
func headline(s *store) string {
	mine, ok := s.notebookSpread(ours, sample.later)
	peer, ok2 := s.notebookSpread(kerasTensorFlow, sample.later)
	memory, ok3 := s.notebookSpread(ours, func(n sample) float64 { return n.PeakMiB })
	peerMemory, ok4 := s.notebookSpread(kerasTensorFlow, func(n sample) float64 { return n.PeakMiB })
	if !ok || !ok2 || !ok3 || !ok4 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "An epoch of this model takes %s s with kerasgo and %s s with Keras on TensorFlow, its fastest backend here: %.2f of the time,\n"+
		"with %.2f of the memory (%s). ",
		digits(mine.mid), digits(peer.mid), mine.mid/peer.mid, memory.mid/peerMemory.mid, s.Machine.CPU+fmt.Sprintf(", %d cores", s.Machine.Cores))
	b.WriteString("More models and backends, what is slower, and how to measure it yourself:\n[docs/performance.md](docs/performance.md).\n")
	return b.String()
}
