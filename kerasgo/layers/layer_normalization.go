package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// LayerNormalization computes gamma·(x - mean)/√(variance + ε) + beta, with the
// mean and the (biased) variance of each sample over the axes Axis (Ba, Kiros and
// Hinton, 2016).
//
// Input and output have one shape. Weights gamma and beta have the lengths of the
// axes.
type LayerNormalization struct {
	Axis                spec.Ints `keras:"axis,pos,default=-1"`                             // axis or axes normalized together
	Epsilon             *float64  `keras:"epsilon,default=0.001"`                           // added to the variance
	Center              *bool     `keras:"center,default=true"`                             // whether there is a beta
	Scale               *bool     `keras:"scale,default=true"`                              // whether there is a gamma
	BetaInitializer     any       `keras:"beta_initializer,kind=initializer,default=zeros"` // starting value of beta
	GammaInitializer    any       `keras:"gamma_initializer,kind=initializer,default=ones"` // starting value of gamma
	BetaRegularizer     any       `keras:"beta_regularizer,kind=regularizer"`               // penalty on beta
	GammaRegularizer    any       `keras:"gamma_regularizer,kind=regularizer"`              // penalty on gamma
	BetaConstraint      any       `keras:"beta_constraint,kind=constraint"`                 // applied to beta after each step
	GammaConstraint     any       `keras:"gamma_constraint,kind=constraint"`                // applied to gamma after each step
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[LayerNormalization](module, spec.Ignored("rms_scaling=false")) }

// Build declares gamma and beta.
func (d LayerNormalization) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	axes, ok := b.axes(s, d.Axis)
	if !ok {
		return
	}
	var shape tensor.Shape
	for _, a := range axes {
		shape = append(shape, s[a])
	}
	if *d.Scale {
		b.Weight("gamma", shape, d.GammaInitializer, WeightOptions{d.GammaRegularizer, d.GammaConstraint})
	}
	if *d.Center {
		b.Weight("beta", shape, d.BetaInitializer, WeightOptions{d.BetaRegularizer, d.BetaConstraint})
	}
}

// Call normalizes.
func (d LayerNormalization) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	var axes []int
	for _, a := range d.Axis {
		axis, _ := x.Shape().Axis(a)
		axes = append(axes, axis)
	}
	if last(axes, x) {
		return d.rows(c, x)
	}
	y := ops.Sub(x, ops.Mean(x, axes, true))
	y = ops.Mul(y, ops.Rsqrt(ops.AddScalar(ops.Variance(x, axes, true), *d.Epsilon)))
	if c.Has("gamma") {
		y = ops.Mul(y, spread(c.Weight("gamma"), x, axes...))
	}
	if c.Has("beta") {
		y = ops.Add(y, spread(c.Weight("beta"), x, axes...))
	}
	return y
}

// rows normalizes the last axes.
func (d LayerNormalization) rows(c *Context, x graph.Value) graph.Value {
	s := graph.Spec{DType: x.DType(), Shape: x.Shape()[x.Shape().Rank()-len(d.Axis):]}
	gamma, beta := ops.Fill(x.Graph(), s, 1), ops.Fill(x.Graph(), s, 0)
	if c.Has("gamma") {
		gamma = c.Weight("gamma")
	}
	if c.Has("beta") {
		beta = c.Weight("beta")
	}
	return ops.LayerNorm(x, gamma, beta, *d.Epsilon)
}

// PassesMask keeps the mask.
func (LayerNormalization) PassesMask() {}

// FullPrecision says that gamma, beta and the statistics are float32 under mixed policies too.
func (LayerNormalization) FullPrecision() {}

var _ Layer = LayerNormalization{}
