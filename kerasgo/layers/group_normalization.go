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
	// Channels are averaged first: (batch, …, channels, …) with ones for the other axes is all that is cut into groups.
	within := slices.DeleteFunc(axesOf(x)[1:], func(a int) bool { return a == axis })
	mean := func(v graph.Value) graph.Value {
		if len(within) > 0 {
			v = ops.Mean(v, within, true)
		}
		return d.share(v, axis)
	}
	y := ops.Sub(x, mean(x))
	scale := ops.Rsqrt(ops.AddScalar(mean(ops.Square(y)), *d.Epsilon))
	if c.Has("gamma") {
		scale = ops.Mul(scale, spread(c.Weight("gamma"), x, axis))
	}
	y = ops.Mul(y, scale)
	if c.Has("beta") {
		y = ops.Add(y, spread(c.Weight("beta"), x, axis))
	}
	return y
}

// share gives every channel of v (batch, 1, …, channels, …, 1) the mean of its group.
func (d GroupNormalization) share(v graph.Value, axis int) graph.Value {
	s := v.Shape()
	groups := d.Groups
	if groups < 0 {
		groups = s[axis]
	}
	split := tensor.Shape{s[0], groups, s[axis] / groups}
	g := ops.Mean(ops.Reshape(v, split...), []int{2}, true)
	return ops.Reshape(ops.BroadcastTo(g, split...), s...)
}

// PassesMask keeps the mask.
func (GroupNormalization) PassesMask() {}

// FullPrecision says that gamma, beta and the statistics are float32 under mixed policies too.
func (GroupNormalization) FullPrecision() {}

var _ Layer = GroupNormalization{}
