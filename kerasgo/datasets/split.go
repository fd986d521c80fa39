package datasets

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Arrays is one part of a data set: inputs and targets, sample by sample.
type Arrays struct{ X, Y *tensor.Tensor }

// housing reads x and y of an archive, shuffles them and splits them, as Keras does for
// both sets of houses.
func housing(f file, path string, first int, testSplit *float64, seed *int) (train, test Arrays, err error) {
	share := orElse(testSplit, 0.2)
	if !(share >= 0 && share < 1) {
		return train, test, fmt.Errorf("datasets: test_split must be at least 0 and below 1, got %v", share)
	}
	r, err := rng.NewNumPy(orElse(seed, 113))
	if err != nil {
		return train, test, fmt.Errorf("datasets: %w", err)
	}
	content, found, err := f.read(path)
	if err != nil {
		return train, test, err
	}
	x, err := array(content, "x", -1)
	if err != nil {
		return train, test, in(found, err)
	}
	y, err := array(content, "y", x.Len())
	if err != nil {
		return train, test, in(found, err)
	}
	if first > 0 && x.Len() > first {
		x, y = x.Slice(0, first), y.Slice(0, first)
	}
	order := r.Shuffled(x.Len())
	at := int(float64(x.Len()) * (1 - share))
	part := func(rows []int) Arrays { return Arrays{take(x, rows), take(y, rows)} }
	return part(order[:at]), part(order[at:]), nil
}

// take copies the given rows of t.
func take(t *tensor.Tensor, rows []int) *tensor.Tensor {
	shape := t.Shape().Clone()
	shape[0] = len(rows)
	out := tensor.New(t.DType(), shape...)
	tensor.Gather(out, t, rows)
	return out
}

func orElse[T any](p *T, v T) T {
	if p == nil {
		return v
	}
	return *p
}
