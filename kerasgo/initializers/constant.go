package initializers

import (
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Zeros sets every element to 0.
type Zeros struct{}

// Ones sets every element to 1.
type Ones struct{}

// Constant sets every element to Value.
type Constant struct {
	Value float64 `keras:"value,pos"` // of every element
}

func init() {
	spec.Register[Zeros](module, spec.Strings("zero"))
	spec.Register[Ones](module, spec.Strings("one"))
	spec.Register[Constant](module)
}

// Initialize implements Initializer.
func (Zeros) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	return tensor.New(tensor.Float32, shape...), nil
}

// Initialize implements Initializer.
func (Ones) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	return Constant{1}.Initialize(shape, r)
}

// Initialize implements Initializer.
func (c Constant) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	return fill(shape, func() float64 { return c.Value }), nil
}

var _, _, _ Initializer = Zeros{}, Ones{}, Constant{}
