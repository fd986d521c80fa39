package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// HeUniform draws from the uniform distribution on [-limit, limit) with
// limit = √(6/fan_in) (He, Zhang, Ren and Sun, 2015).
type HeUniform struct {
	Seed       *int      `keras:"seed,pos"`               // makes the numbers independent of the model's seed
	InputAxes  spec.Ints `keras:"input_axes,since=3.15"`  // see VarianceScaling
	OutputAxes spec.Ints `keras:"output_axes,since=3.15"` // see VarianceScaling
}

func init() { spec.Register[HeUniform](module) }

// Initialize implements Initializer.
func (i HeUniform) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	v := VarianceScaling{i.Seed, new(2.0), "fan_in", "uniform", i.InputAxes, i.OutputAxes}
	return v.Initialize(shape, r)
}

var _ Initializer = HeUniform{}
