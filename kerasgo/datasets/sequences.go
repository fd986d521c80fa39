package datasets

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// None stands for Python's None in arguments that are numbers.
const None = -1 << 31

// Sequences is one part of a data set of texts: the numbers of their words, and a label
// for each.
type Sequences struct {
	X [][]int
	Y *tensor.Tensor // (n) int64
}

// words are the arguments that both sets of texts share.
type words struct {
	numWords, skipTop, maxLen     int
	startChar, oovChar, indexFrom *int
}

func (w words) check() error {
	if w.numWords < 0 || w.skipTop < 0 || w.maxLen < 0 {
		return fmt.Errorf("datasets: num_words %d, skip_top %d and maxlen %d must not be negative", w.numWords, w.skipTop, w.maxLen)
	}
	return nil
}

// begin puts the number for the start before each text and moves the numbers of words
// up, then leaves out long texts.
func (w words) begin(x [][]int, y []int64) ([][]int, []int64) {
	start, from := orElse(w.startChar, 1), orElse(w.indexFrom, 3)
	if from == None {
		from = 0
	}
	var keptX [][]int
	var keptY []int64
	for i, text := range x {
		var s []int
		if start != None {
			s = append(s, start)
		}
		for _, v := range text {
			s = append(s, v+from)
		}
		if w.maxLen == 0 || len(s) < w.maxLen {
			keptX, keptY = append(keptX, s), append(keptY, y[i])
		}
	}
	return keptX, keptY
}

// limit replaces words that are too frequent or too rare.
func (w words) limit(x [][]int) error {
	below := w.numWords
	if below == 0 {
		for _, s := range x {
			if len(s) == 0 {
				return errors.New("datasets: an empty text; give num_words")
			}
			below = max(below, slices.Max(s))
		}
	}
	oov := orElse(w.oovChar, 2)
	for i, s := range x {
		kept := s[:0]
		for _, v := range s {
			switch {
			case v >= w.skipTop && v < below:
				kept = append(kept, v)
			case oov != None:
				kept = append(kept, oov)
			}
		}
		x[i] = kept
	}
	return nil
}

// labels reads the labels of n samples.
func labels(content []byte, name string, n int) ([]int64, error) {
	t, err := array(content, name, n)
	if err != nil {
		return nil, err
	}
	if t.DType().Float() || t.Shape().Rank() != 1 {
		return nil, fmt.Errorf("array %s has shape %v and type %v, wanted are integers", name, t.Shape(), t.DType())
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(t.Float64At(i))
	}
	return out, nil
}

// pick takes samples in the given order.
func pick(x [][]int, y []int64, order []int) ([][]int, []int64) {
	px, py := make([][]int, len(order)), make([]int64, len(order))
	for i, k := range order {
		px[i], py[i] = x[k], y[k]
	}
	return px, py
}
