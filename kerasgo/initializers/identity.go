package initializers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Identity makes a matrix with Gain on its main diagonal and 0 elsewhere. Keras
// does not write gain to its files; it is written here when it is not 1.
type Identity struct {
	Gain *float64 `keras:"gain,pos,default=1,omitdefault"` // value on the diagonal
}

func init() {
	spec.Register[Identity](module, spec.Aliases("IdentityInitializer"))
}

// Initialize implements Initializer. The shape needs exactly two axes.
func (i Identity) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	if len(shape) != 2 {
		return nil, fmt.Errorf("initializers: Identity wants two axes, the weight has shape %v", shape)
	}
	t := tensor.New(tensor.Float32, shape...)
	for k := range min(shape[0], shape[1]) {
		t.Float32s()[k*shape[1]+k] = float32(or(i.Gain, 1))
	}
	return t, nil
}

var _ Initializer = Identity{}
