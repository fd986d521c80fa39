package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// InputLayer is where data enters a model: shape (batch, Shape…). In YAML it is
// also called Input. A Sequential does not need one when its first layer has an
// input_shape, or at all before it is built.
//
// Give Shape (without the batch axis) or BatchShape (with it; -1 means unknown).
type InputLayer struct {
	BatchShape []int  `keras:"batch_shape,shape"`                                                        // shape with the batch axis first
	Shape      []int  `keras:"shape,pos,shape,noconfig"`                                                 // shape without the batch axis
	BatchSize  *int   `keras:"batch_size,noconfig,min=1"`                                                // fixed batch length, used with Shape
	DType      string `keras:"dtype,default=float32,enum=float32|float64|int32|int64|uint8|bool|string"` // element type of the data
	Name       string `keras:"name"`
}

func init() {
	spec.Register[InputLayer](module, spec.Aliases("Input"), spec.Ignored("sparse=false", "ragged=false", "optional=false", "input_tensor", "trainable=true"),
		spec.Renamed("batch_input_shape", "batch_shape"))
}

// FullShape returns the shape with the batch axis, -1 where unknown.
func (d InputLayer) FullShape() (tensor.Shape, error) {
	switch {
	case d.BatchShape != nil && (d.Shape != nil || d.BatchSize != nil):
		return nil, fmt.Errorf("batch_shape %v stands for shape and batch_size together; give one or the other", tensor.Shape(d.BatchShape))
	case d.BatchShape != nil:
		return tensor.Shape(d.BatchShape).Clone(), nil
	case d.Shape == nil:
		return nil, fmt.Errorf("needs shape or batch_shape")
	case d.BatchSize != nil:
		return append(tensor.Shape{*d.BatchSize}, d.Shape...), nil
	}
	return append(tensor.Shape{tensor.Unknown}, d.Shape...), nil
}

// Build checks the arguments.
func (d InputLayer) Build(b *Builder, in ...tensor.Shape) {
	want, err := d.FullShape()
	if err != nil {
		b.Errorf("%w", err)
		return
	}
	for _, s := range in {
		ok := len(s) == len(want)
		for i := 0; ok && i < len(s); i++ {
			ok = want[i] == tensor.Unknown || want[i] == s[i]
		}
		if !ok {
			b.misfit("data of shape %v does not fit an input of shape %v", shown(s), want)
		}
	}
}

// Call returns the data.
func (InputLayer) Call(_ *Context, in ...graph.Value) graph.Value { return in[0] }

// PassesMask keeps the mask.
func (InputLayer) PassesMask() {}

var _ Layer = InputLayer{}
