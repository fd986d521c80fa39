package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GaussianNoise adds numbers from the normal distribution with mean 0 and standard
// deviation Stddev in training, and returns its input otherwise.
//
// Input and output have one shape.
type GaussianNoise struct {
	Stddev              float64 `keras:"stddev,pos,required,min=0"` // standard deviation
	Seed                *int    `keras:"seed"`                      // makes the numbers independent of the model's seed
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[GaussianNoise](module) }

// Build checks the input.
func (d GaussianNoise) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call adds noise.
func (d GaussianNoise) Call(c *Context, in ...graph.Value) graph.Value {
	if !c.Training() || d.Stddev == 0 {
		return in[0]
	}
	noise := ops.Cast(c.Normal(d.Seed, in[0].Shape()...), in[0].DType())
	return ops.Add(in[0], ops.MulScalar(noise, d.Stddev))
}

// PassesMask keeps the mask.
func (GaussianNoise) PassesMask() {}

var _ Layer = GaussianNoise{}
