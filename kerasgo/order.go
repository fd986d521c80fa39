package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/rng"
)

type shuffling uint8

const (
	inOrder shuffling = iota
	everySample
	withinBatches
)

func shuffleMode(v any) (shuffling, error) {
	switch v := v.(type) {
	case nil:
		return everySample, nil
	case *bool:
		if v == nil {
			return everySample, nil
		}
		return shuffleMode(*v)
	case bool:
		if v {
			return everySample, nil
		}
		return inOrder, nil
	case string:
		if v == "batch" {
			return withinBatches, nil
		}
	}
	return 0, fmt.Errorf("shuffle must be true, false or \"batch\", got %v", v)
}

// order hands out the samples' numbers, batch after batch.
type order struct {
	rows  []int
	batch int
	mode  shuffling
	seed  uint64
	epoch int // passes through the data so far
	at    int

	endless bool // the numbers 0, 1, 2, … without end, one a batch
}

func newOrder(n, batch int, mode shuffling, seed uint64) *order {
	o := &order{rows: make([]int, n), batch: batch, mode: mode, seed: seed}
	for i := range o.rows {
		o.rows[i] = i
	}
	return o
}

// restart begins a new pass, shuffled as a function of the seed and the pass.
func (o *order) restart() {
	if o.endless {
		return
	}
	r := rng.New(o.seed, rng.Hash("shuffle")+uint64(o.epoch))
	o.epoch++
	o.at = 0
	switch o.mode {
	case everySample:
		r.Perm(o.rows)
	case withinBatches:
		for i := 0; i < len(o.rows); i += o.batch {
			part := o.rows[i:min(i+o.batch, len(o.rows))]
			r.Perm(part)
			for k := range part {
				part[k] += i
			}
		}
	}
}

// rest returns what yields the numbers that are left, one by one.
func (o *order) rest() func() (int, bool) {
	at := o.at
	if o.endless {
		return func() (int, bool) { at++; return at - 1, true }
	}
	rows := slices.Clone(o.rows)
	return func() (int, bool) {
		if at >= len(rows) {
			return 0, false
		}
		at++
		return rows[at-1], true
	}
}

// peek returns the samples that next will, as far as they are known.
func (o *order) peek() []int {
	if o.endless {
		return []int{o.at}
	}
	return o.rows[o.at:min(o.at+o.batch, len(o.rows))]
}

// next returns the samples of the next batch; none at the end of a pass.
func (o *order) next() []int {
	rows := o.peek()
	o.at += len(rows)
	return rows
}
