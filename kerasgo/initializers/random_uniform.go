package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomUniform draws from the uniform distribution on [Minval, Maxval).
type RandomUniform struct {
	Seed   *int     `keras:"seed"`                     // makes the numbers independent of the model's seed
	Minval *float64 `keras:"minval,pos,default=-0.05"` // lower bound, inclusive
	Maxval *float64 `keras:"maxval,default=0.05"`      // upper bound, exclusive
}

func init() { spec.Register[RandomUniform](module, spec.Strings("uniform")) }

// Initialize implements Initializer.
func (u RandomUniform) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	return uniform(shape, or(u.Minval, -0.05), or(u.Maxval, 0.05), stream(u.Seed, r)), nil
}

func uniform(shape tensor.Shape, lo, hi float64, r *rng.Stream) *tensor.Tensor {
	return fill(shape, func() float64 { return r.Uniform(lo, hi) })
}

var _ Initializer = RandomUniform{}
