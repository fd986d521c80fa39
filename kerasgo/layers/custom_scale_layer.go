package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// CustomScaleLayer computes x + Scale·y of two inputs. It is part of Keras's
// InceptionResNetV2 and not public there.
//
// Both inputs and the output have one shape.
type CustomScaleLayer struct {
	Scale      float64 `keras:"scale,pos,required"` // of the second input
	Name       string  `keras:"name"`
	Trainable  *bool   `keras:"trainable,default=true"`
	DType      string  `keras:"dtype"`
	InputShape []int   `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[CustomScaleLayer]("keras.src.applications.inception_resnet_v2", spec.RegisteredName("CustomScaleLayer"))
}

// Build checks the inputs.
func (d CustomScaleLayer) Build(b *Builder, in ...tensor.Shape) {
	if len(in) != 2 {
		b.misfit("wants 2 inputs, got %d", len(in))
		return
	}
	b.mergeShape(d.DType, in)
}

// Call adds.
func (d CustomScaleLayer) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Add(in[0], ops.MulScalar(in[1], d.Scale))
}

var _ Layer = CustomScaleLayer{}
