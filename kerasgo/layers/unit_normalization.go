package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// UnitNormalization divides its input by its Euclidean length over Axis.
//
// Input and output have one shape.
type UnitNormalization struct {
	Axis                spec.Ints `keras:"axis,pos,default=-1"` // axis or axes of one vector
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[UnitNormalization](module) }

// Build checks the axes.
func (d UnitNormalization) Build(b *Builder, in ...tensor.Shape) {
	if s, ok := b.input(in, d.DType); ok {
		b.axes(s, d.Axis)
	}
}

// Call divides. Vectors shorter than 1e-12 are divided by that.
func (d UnitNormalization) Call(_ *Context, in ...graph.Value) graph.Value {
	x := in[0]
	square := ops.Sum(ops.Square(x), d.Axis, true)
	return ops.Mul(x, ops.Rsqrt(ops.MaximumScalar(square, 1e-24)))
}

// PassesMask keeps the mask.
func (UnitNormalization) PassesMask() {}

var _ Layer = UnitNormalization{}
