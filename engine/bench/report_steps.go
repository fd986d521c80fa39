package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// label is a peer's name in tables.
var label = map[string]string{
	ours: "kerasgo", kerasTensorFlow: "Keras, TensorFlow", kerasJAX: "Keras, JAX", kerasTorch: "Keras, torch", plainTorch: "plain torch", onnxRuntime: "onnxruntime",
}

// medians returns what a contender took in a row: the medians of its rounds.
func (s *store) medians(row, contender string) (spread, bool) {
	var x []float64
	for _, r := range s.Steps {
		if r.Row == row && r.Contender == contender {
			x = append(x, r.MedianMS)
		}
	}
	return spreadOf(x)
}

// fastest returns the quickest of some contenders in a row.
func (s *store) fastest(row string, contenders []string) (who string, ms float64) {
	ms = math.Inf(1)
	for _, c := range contenders {
		if t, ok := s.medians(row, c); ok && t.mid < ms {
			who, ms = c, t.mid
		}
	}
	return who, ms
}

// stepTable shows the rows that were measured, or why not; peers that took part in none of them get no column.
func stepTable(s *store, shown func(row) bool) string {
	var list []row
	for _, r := range rows() {
		if _, ok := s.medians(r.name, ours); shown(r) && (ok || s.Missing[r.name] != "") {
			list = append(list, r)
		}
	}
	peers := slices.DeleteFunc(slices.Clone(allPeers), func(p string) bool {
		return !slices.ContainsFunc(list, func(r row) bool { _, ok := s.medians(r.name, p); return ok })
	})
	head := []string{"workload", "batch", "threads", "kerasgo"}
	for _, p := range peers {
		head = append(head, label[p])
	}
	head = append(head, "kerasgo ÷ fastest Keras")
	var lines [][]string
	for _, r := range list {
		line := []string{r.title, fmt.Sprint(r.batch), fmt.Sprint(r.threads)}
		mine, ok := s.medians(r.name, ours)
		if !ok {
			line = append(line, "not available: "+s.Missing[r.name])
			lines = append(lines, append(line, slices.Repeat([]string{""}, len(head)-len(line))...))
			continue
		}
		line = append(line, mine.cell())
		for _, p := range peers {
			cell := ""
			if t, ok := s.medians(r.name, p); ok {
				cell = fmt.Sprintf("%s; %.2f", t.cell(), mine.mid/t.mid)
			}
			line = append(line, cell)
		}
		ratio := ""
		if who, ms := s.fastest(r.name, backends); who != "" {
			ratio = fmt.Sprintf("**%.2f**", mine.mid/ms)
		}
		lines = append(lines, append(line, ratio))
	}
	return table(head, lines)
}

// slowerText lists the rows in which some peer is faster.
func slowerText(s *store) string {
	var b strings.Builder
	measured := false
	for _, r := range rows() {
		mine, ok := s.medians(r.name, ours)
		who, ms := s.fastest(r.name, allPeers)
		if !ok || who == "" {
			continue
		}
		measured = true
		if mine.mid > ms {
			verb := map[string]string{"train": "training", "predict": "prediction"}[r.mode]
			fmt.Fprintf(&b, "- %s (%s, batch %d): %.2f times the time of %s.\n", r.title, verb, r.batch, mine.mid/ms, label[who])
		}
	}
	if measured && b.Len() == 0 {
		return "In none of the rows above.\n"
	}
	return b.String()
}

// threadsText compares one thread with two.
func threadsText(s *store) string {
	var b strings.Builder
	for _, c := range []string{ours, kerasTensorFlow} {
		one, ok1 := s.medians("cnn-1-thread", c)
		two, ok2 := s.medians("cnn", c)
		if ok1 && ok2 {
			fmt.Fprintf(&b, "- %s trains the notebook CNN in %s ms a step with one thread, %s with two: %.2f times as fast.\n", label[c], one.cell(), two.cell(), one.mid/two.mid)
		}
	}
	return b.String()
}
