package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomNormal draws from the normal distribution with the given mean and
// standard deviation.
type RandomNormal struct {
	Seed   *int     `keras:"seed"`                // makes the numbers independent of the model's seed
	Mean   float64  `keras:"mean,pos"`            // mean
	Stddev *float64 `keras:"stddev,default=0.05"` // standard deviation
}

// TruncatedNormal draws from the normal distribution with the given mean and
// standard deviation, again while the number is more than two standard
// deviations from the mean.
type TruncatedNormal struct {
	Seed   *int     `keras:"seed"`                // makes the numbers independent of the model's seed
	Mean   float64  `keras:"mean,pos"`            // mean
	Stddev *float64 `keras:"stddev,default=0.05"` // standard deviation before truncation
}

func init() {
	spec.Register[RandomNormal](module, spec.Strings("normal"))
	spec.Register[TruncatedNormal](module)
}

// Initialize implements Initializer.
func (n RandomNormal) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	return normals(shape, n.Mean, or(n.Stddev, 0.05), false, stream(n.Seed, r)), nil
}

// Initialize implements Initializer.
func (n TruncatedNormal) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	return normals(shape, n.Mean, or(n.Stddev, 0.05), true, stream(n.Seed, r)), nil
}

var _, _ Initializer = RandomNormal{}, TruncatedNormal{}
