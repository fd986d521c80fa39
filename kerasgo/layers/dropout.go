package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Dropout sets elements to 0 at random, each with probability Rate, and divides the
// others by 1 - Rate, so that the expected sum stays. Outside training it returns
// its input.
//
// Input and output have one shape. The elements along an axis where NoiseShape is
// 1 share their fate; -1 (null in YAML) stands for the input's length.
type Dropout struct {
	Rate                float64 `keras:"rate,pos,required,min=0,max=1"` // probability of 0
	Seed                *int    `keras:"seed"`                          // makes the choice independent of the model's seed
	NoiseShape          []int   `keras:"noise_shape,shape"`             // shape of the choice, batch axis included; default that of the input
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Dropout](module) }

// Build checks noise_shape.
func (d Dropout) Build(b *Builder, in ...tensor.Shape) { b.noiseShape(in, d.DType, d.NoiseShape) }

// noiseShape checks the input and the noise_shape of a dropout layer.
func (b *Builder) noiseShape(in []tensor.Shape, dtype string, noise []int) {
	s, ok := b.input(in, dtype)
	if !ok || noise == nil {
		return
	}
	fits := len(noise) == len(s)
	for i := 1; fits && i < len(s); i++ { // the batch length is not known yet
		fits = noise[i] == tensor.Unknown || noise[i] == 1 || noise[i] == s[i]
	}
	if !fits {
		b.misfit("noise_shape %v does not fit its input %v", tensor.Shape(noise), shown(s))
	}
}

// noiseShape returns noise_shape with the input's lengths in the place of -1.
func noiseShape(x graph.Value, noise []int) tensor.Shape {
	shape := x.Shape().Clone()
	for i, n := range noise {
		if n != tensor.Unknown {
			shape[i] = n
		}
	}
	return shape
}

// Call drops.
func (d Dropout) Call(c *Context, in ...graph.Value) graph.Value {
	return c.drop(in[0], d.Rate, d.Seed, d.NoiseShape)
}

// drop is what the dropout layers share; noise is the shape of the choice, with
// -1 for the input's lengths, or nil.
func (c *Context) drop(x graph.Value, rate float64, seed *int, noise []int) graph.Value {
	if !c.Training() || rate == 0 {
		return x
	}
	zero := ops.Scalar(x, 0)
	if rate == 1 {
		return ops.BroadcastTo(zero, x.Shape()...)
	}
	u := c.Uniform(seed, noiseShape(x, noise)...)
	return ops.Where(ops.GreaterEqual(u, ops.Scalar(u, rate)), ops.DivScalar(x, 1-rate), zero)
}

// PassesMask keeps the mask.
func (Dropout) PassesMask() {}

var _ Layer = Dropout{}
