package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// HeNormal draws from the normal distribution truncated at two standard
// deviations, with variance 2/fan_in (He, Zhang, Ren and Sun, 2015).
type HeNormal struct {
	Seed       *int      `keras:"seed,pos"`               // makes the numbers independent of the model's seed
	InputAxes  spec.Ints `keras:"input_axes,since=3.15"`  // see VarianceScaling
	OutputAxes spec.Ints `keras:"output_axes,since=3.15"` // see VarianceScaling
}

func init() { spec.Register[HeNormal](module) }

// Initialize implements Initializer.
func (i HeNormal) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	v := VarianceScaling{i.Seed, new(2.0), "fan_in", "truncated_normal", i.InputAxes, i.OutputAxes}
	return v.Initialize(shape, r)
}

var _ Initializer = HeNormal{}
