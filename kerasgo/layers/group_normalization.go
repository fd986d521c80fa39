package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GroupNormalization computes gamma·(x - mean)/√(variance + ε) + beta, with the mean
// and the (biased) variance of each group of channels in each sample (Wu and He,
// 2018).
//
// Input and output have one shape. Weights gamma and beta, each (channels).
type GroupNormalization struct {
	Groups              int      `keras:"groups,pos,default=32,min=-1"`                    // number of groups; -1 for one channel each
	Axis                *int     `keras:"axis,default=-1"`                                 // axis of the channels
	Epsilon             *float64 `keras:"epsilon,default=0.001"`                           // added to the variance
	Center              *bool    `keras:"center,default=true"`                             // whether there is a beta
	Scale               *bool    `keras:"scale,default=true"`                              // whether there is a gamma
	BetaInitializer     any      `keras:"beta_initializer,kind=initializer,default=zeros"` // starting value of beta
	GammaInitializer    any      `keras:"gamma_initializer,kind=initializer,default=ones"` // starting value of gamma
	BetaRegularizer     any      `keras:"beta_regularizer,kind=regularizer"`               // penalty on beta
	GammaRegularizer    any      `keras:"gamma_regularizer,kind=regularizer"`              // penalty on gamma
	BetaConstraint      any      `keras:"beta_constraint,kind=constraint"`                 // applied to beta after each step
	GammaConstraint     any      `keras:"gamma_constraint,kind=constraint"`                // applied to gamma after each step
	ActivityRegularizer any      `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string   `keras:"name"`
	Trainable           *bool    `keras:"trainable,default=true"`
	DType               string   `keras:"dtype"`
	InputShape          []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[GroupNormalization](module) }

// Build declares gamma and beta.
func (d GroupNormalization) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	axis, ok := b.axis(s, *d.Axis)
	if !ok {
		return
	}
	n := s[axis]
	if axis == 0 {
		b.Errorf("axis 0 is the batch axis")
		return
	}
	if d.Groups > n || d.Groups > 0 && n%d.Groups != 0 {
		b.misfit("groups %d does not divide the %d channels of its input %v", d.Groups, n, shown(s))
		return
	}
	if *d.Scale {
		b.Weight("gamma", tensor.Shape{n}, d.GammaInitializer, WeightOptions{d.GammaRegularizer, d.GammaConstraint})
	}
	if *d.Center {
		b.Weight("beta", tensor.Shape{n}, d.BetaInitializer, WeightOptions{d.BetaRegularizer, d.BetaConstraint})
	}
}

// Call normalizes.
func (d GroupNormalization) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	axis, _ := x.Shape().Axis(*d.Axis)
	groups := d.Groups
	if groups < 0 {
		groups = x.Shape()[axis]
	}
	// (batch, …, groups, channels/groups, …): all but the first and the groups are
	// averaged.
	split := slices.Insert(x.Shape().Clone(), axis, groups)
	split[axis+1] /= groups
	g := ops.Reshape(x, split...)
	axes := slices.DeleteFunc(axesOf(g)[1:], func(a int) bool { return a == axis })
	g = ops.Mul(ops.Sub(g, ops.Mean(g, axes, true)), ops.Rsqrt(ops.AddScalar(ops.Variance(g, axes, true), *d.Epsilon)))
	y := ops.Reshape(g, x.Shape()...)
	if c.Has("gamma") {
		y = ops.Mul(y, spread(c.Weight("gamma"), x, axis))
	}
	if c.Has("beta") {
		y = ops.Add(y, spread(c.Weight("beta"), x, axis))
	}
	return y
}

// PassesMask keeps the mask.
func (GroupNormalization) PassesMask() {}

// FullPrecision says that gamma, beta and the statistics are float32 under mixed policies too.
func (GroupNormalization) FullPrecision() {}

var _ Layer = GroupNormalization{}
