package data

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// shuffled returns the numbers below n in an order that depends on seed alone.
func shuffled(n, seed int) []int {
	return rand.New(rand.NewPCG(uint64(seed), 0)).Perm(n)
}

// sizes returns how many of n samples are for training, validation and test.
func sizes(n int, validation, test float64) (train, val, tst int, err error) {
	val, tst = int(math.Round(float64(n)*validation)), int(math.Round(float64(n)*test))
	train = n - val - tst
	if train < 1 {
		return 0, 0, 0, fmt.Errorf("validation_split %v and test_split %v leave none of %d samples for training", validation, test, n)
	}
	return train, val, tst, nil
}

// leavesSome refuses shares that leave nothing to train on.
func leavesSome(validation, test float64) error {
	if validation+test >= 1 {
		return fmt.Errorf("validation_split: %v and test_split %v leave no samples for training", validation, test)
	}
	return nil
}

// divide cuts x and y, which may be nil, into training, validation and test samples, in
// this order.
func divide(x, y *tensor.Tensor, validation, test float64) (*Splits, error) {
	n := x.Len()
	train, val, tst, err := sizes(n, validation, test)
	if err != nil {
		return nil, err
	}
	cut := func(from, to int) *Split {
		if y == nil {
			return newSplit(x.Slice(from, to), nil)
		}
		return newSplit(x.Slice(from, to), y.Slice(from, to))
	}
	s := &Splits{Train: cut(0, train)}
	if val > 0 {
		s.Validation = cut(train, train+val)
	}
	if tst > 0 {
		s.Test = cut(n-tst, n)
	}
	return s, nil
}

// newSplit makes a split whose Y is nil, not a nil pointer, without y.
func newSplit(x, y *tensor.Tensor) *Split {
	if y == nil {
		return &Split{X: x}
	}
	return &Split{X: x, Y: y}
}

// part is the Count of a split that is a share of the data.
func part(share float64) Count {
	if share > 0 {
		return Some
	}
	return None
}

// take copies the given rows of t.
func take(t *tensor.Tensor, rows []int) *tensor.Tensor {
	shape := t.Shape().Clone()
	shape[0] = len(rows)
	out := tensor.New(t.DType(), shape...)
	tensor.Gather(out, t, rows)
	return out
}
