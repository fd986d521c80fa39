package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GlorotUniform draws from the uniform distribution on [-limit, limit) with
// limit = √(6/(fan_in + fan_out)) (Glorot and Bengio, 2010). It is the default of
// Dense and the convolutions.
type GlorotUniform struct {
	Seed       *int      `keras:"seed,pos"`               // makes the numbers independent of the model's seed
	InputAxes  spec.Ints `keras:"input_axes,since=3.15"`  // see VarianceScaling
	OutputAxes spec.Ints `keras:"output_axes,since=3.15"` // see VarianceScaling
}

func init() { spec.Register[GlorotUniform](module) }

// Initialize implements Initializer.
func (i GlorotUniform) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	v := VarianceScaling{i.Seed, new(1.0), "fan_avg", "uniform", i.InputAxes, i.OutputAxes}
	return v.Initialize(shape, r)
}

var _ Initializer = GlorotUniform{}
