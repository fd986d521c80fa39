package keras

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Split holds the arguments of SplitDataset. Each size is an int, a number of samples, a
// float64 above 0 and below 1, a share of them, or nil: what the other leaves.
type Split struct {
	LeftSize, RightSize any
	Shuffle             bool
	Seed                *int // of the order when shuffled; nil means any
}

// SplitDataset divides arrays that have the same number of samples: the left part is the
// first samples, the right part the last. The order of shuffled samples is that of
// Keras's keras.utils.split_dataset for the same seed.
func SplitDataset(arrays []*tensor.Tensor, s Split) (left, right []*tensor.Tensor, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keras: SplitDataset: %w", err)
		}
	}()
	if len(arrays) == 0 {
		return nil, nil, errors.New("there are no arrays")
	}
	n := -1
	for i, t := range arrays {
		switch {
		case t == nil || t.Shape().Rank() == 0:
			return nil, nil, fmt.Errorf("array %d has no samples", i)
		case n >= 0 && t.Len() != n:
			return nil, nil, fmt.Errorf("array %d has %d samples, array 0 has %d", i, t.Len(), n)
		}
		n = t.Len()
	}
	l, r, err := splitSizes(s, n)
	if err != nil {
		return nil, nil, err
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if s.Shuffle {
		seed := rand.Uint64N(1 << 32)
		if s.Seed != nil {
			seed = uint64(max(*s.Seed, -*s.Seed)) // Python's seed has no sign
		}
		order = rng.NewPython(seed).PythonShuffled(n)
	}
	for _, t := range arrays {
		left = append(left, gatherRows(t, order[:l]))
		right = append(right, gatherRows(t, order[n-r:]))
	}
	return left, right, nil
}

// splitSizes returns the sizes of both parts of n samples.
func splitSizes(s Split, n int) (left, right int, err error) {
	size := func(name string, v any) (int, error) {
		switch v := v.(type) {
		case nil:
			return -1, nil
		case int:
			if v > 0 && v < n {
				return v, nil
			}
		case float64:
			if v > 0 && v < 1 {
				return int(math.RoundToEven(v * float64(n))), nil
			}
		}
		return 0, fmt.Errorf("%s must be a number of samples below %d or a share between 0 and 1, got %v", name, n, v)
	}
	if left, err = size("left_size", s.LeftSize); err != nil {
		return 0, 0, err
	}
	if right, err = size("right_size", s.RightSize); err != nil {
		return 0, 0, err
	}
	a, aShare := s.LeftSize.(float64)
	b, bShare := s.RightSize.(float64)
	switch {
	case left < 0 && right < 0:
		return 0, 0, errors.New("left_size or right_size must be given")
	case left < 0:
		left = n - right
	case right < 0:
		right = n - left
	case aShare && bShare && a+b > 1:
		return 0, 0, fmt.Errorf("the shares %v and %v are more than 1 together", a, b)
	}
	if left == 0 || right == 0 || left+right > n {
		return 0, 0, fmt.Errorf("%d samples cannot be divided into %d and %d", n, left, right)
	}
	return left, right, nil
}
