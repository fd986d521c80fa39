package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

const module = "keras.initializers"

// Initializer makes the starting value of a weight, a float32 tensor. It is
// called with its arguments at their defaults where they were not set.
type Initializer interface {
	Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error)
}

// stream returns the source of random numbers: that of the seed if one is set.
func stream(seed *int, r *rng.Stream) *rng.Stream {
	if seed == nil {
		return r
	}
	return rng.New(uint64(*seed), rng.Hash("initializer"))
}

// fill makes a tensor whose elements are drawn one after the other.
func fill(shape tensor.Shape, draw func() float64) *tensor.Tensor {
	t := tensor.New(tensor.Float32, shape...)
	d := t.Float32s()
	for i := range d {
		d[i] = float32(draw())
	}
	return t
}

// or returns *p, or the default when an initializer is used without completion.
func or(p *float64, def float64) float64 {
	if p == nil {
		return def
	}
	return *p
}
