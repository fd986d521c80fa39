package layers

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AlphaDropout sets elements at random, each with probability Rate, to the value
// that selu takes at -∞, and moves and scales all of them so that mean 0 and
// variance 1 stay (Klambauer, Unterthiner, Mayr and Hochreiter, 2017). Outside
// training it returns its input.
//
// Input and output have one shape. NoiseShape is that of Dropout.
type AlphaDropout struct {
	Rate                float64 `keras:"rate,pos,required,min=0,max=1"` // probability
	Seed                *int    `keras:"seed"`                          // makes the choice independent of the model's seed
	NoiseShape          []int   `keras:"noise_shape,shape"`             // shape of the choice, batch axis included; default that of the input
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AlphaDropout](module) }

// Build checks the arguments.
func (d AlphaDropout) Build(b *Builder, in ...tensor.Shape) {
	if d.Rate == 1 {
		b.Errorf("rate 1 would leave nothing to keep the variance of")
		return
	}
	b.noiseShape(in, d.DType, d.NoiseShape)
}

// Call drops.
func (d AlphaDropout) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if !c.Training() || d.Rate == 0 {
		return x
	}
	const low = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
	a := 1 / math.Sqrt((1-d.Rate)*(1+d.Rate*low*low))
	u := c.Uniform(d.Seed, noiseShape(x, d.NoiseShape)...)
	y := ops.Where(ops.GreaterEqual(u, ops.Scalar(u, d.Rate)), x, ops.Scalar(x, low))
	return ops.AddScalar(ops.MulScalar(y, a), -a*low*d.Rate)
}

// PassesMask keeps the mask.
func (AlphaDropout) PassesMask() {}

var _ Layer = AlphaDropout{}
