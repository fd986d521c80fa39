package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// RMSNormalization computes scale·x/√(mean(x²) + ε), the mean taken over Axis (Zhang
// and Sennrich, 2019).
//
// Input and output have one shape. Weight scale has the lengths of the axes,
// which must be the last ones.
type RMSNormalization struct {
	Axis                spec.Ints `keras:"axis,pos,default=-1"`      // axis or axes normalized together
	Epsilon             *float64  `keras:"epsilon,default=0.000001"` // added to the mean
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RMSNormalization](module) }

// Build declares scale.
func (d RMSNormalization) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	axes, ok := b.axes(s, d.Axis)
	if !ok {
		return
	}
	slices.Sort(axes)
	if axes[0] != len(s)-len(axes) {
		b.misfit("axis %v: only the last axes of its input %v can be normalized", tupleOf(d.Axis), shown(s))
		return
	}
	var shape tensor.Shape
	for _, a := range axes {
		shape = append(shape, s[a])
	}
	b.Weight("scale", shape, initializers.Ones{}, WeightOptions{})
}

// Call normalizes.
func (d RMSNormalization) Call(c *Context, in ...graph.Value) graph.Value {
	return ops.RMSNorm(in[0], c.Weight("scale"), *d.Epsilon)
}

var _ Layer = RMSNormalization{}
