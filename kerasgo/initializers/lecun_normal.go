package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// LecunNormal draws from the normal distribution truncated at two standard
// deviations, with variance 1/fan_in (LeCun, Bottou, Orr and Müller, 1998).
type LecunNormal struct {
	Seed       *int      `keras:"seed,pos"`               // makes the numbers independent of the model's seed
	InputAxes  spec.Ints `keras:"input_axes,since=3.15"`  // see VarianceScaling
	OutputAxes spec.Ints `keras:"output_axes,since=3.15"` // see VarianceScaling
}

func init() { spec.Register[LecunNormal](module) }

// Initialize implements Initializer.
func (i LecunNormal) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	v := VarianceScaling{i.Seed, new(1.0), "fan_in", "truncated_normal", i.InputAxes, i.OutputAxes}
	return v.Initialize(shape, r)
}

var _ Initializer = LecunNormal{}
