package layers

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GaussianDropout multiplies its input by numbers from the normal distribution with
// mean 1 and variance Rate/(1 - Rate) in training, and returns it otherwise
// (Srivastava and others, 2014).
//
// Input and output have one shape.
type GaussianDropout struct {
	Rate                float64 `keras:"rate,pos,required,min=0,max=1"` // as of a Dropout of the same variance
	Seed                *int    `keras:"seed"`                          // makes the numbers independent of the model's seed
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[GaussianDropout](module) }

// Build checks the rate.
func (d GaussianDropout) Build(b *Builder, in ...tensor.Shape) {
	if b.input(in, d.DType); d.Rate == 1 {
		b.Errorf("rate 1 would mean noise of infinite variance")
	}
}

// Call multiplies.
func (d GaussianDropout) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if !c.Training() || d.Rate == 0 {
		return x
	}
	noise := ops.MulScalar(c.Normal(d.Seed, x.Shape()...), math.Sqrt(d.Rate/(1-d.Rate)))
	return ops.Mul(x, ops.AddScalar(ops.Cast(noise, x.DType()), 1))
}

// PassesMask keeps the mask.
func (GaussianDropout) PassesMask() {}

var _ Layer = GaussianDropout{}
