package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// BatchNormalization computes gamma·(x - mean)/√(variance + ε) + beta for each
// channel.
//
// In training, mean and (biased) variance are those of the batch, over all axes
// but Axis and leaving out masked places, and the moving ones follow them:
// moving = moving·Momentum + batch·(1 - Momentum). Otherwise, and when Trainable is
// false, the moving ones are used (Ioffe and Szegedy, 2015).
//
// With Renorm a batch is normalized by what the moving statistics make of it:
// (x - mean)/σ·r + d, where σ is √(variance + ε), r = σ/renorm_stddev and d =
// (mean - renorm_mean)/renorm_stddev within their bounds, without derivative; the
// renorm statistics follow the batch's by RenormMomentum (Ioffe, 2017).
//
// Input and output have one shape. Weights, each (channels): gamma, beta,
// moving_mean, moving_variance; with Renorm also moving_stddev, renorm_mean and
// renorm_stddev. Synchronized statistics are refused: there is one replica.
type BatchNormalization struct {
	Axis                      *int               `keras:"axis,pos,default=-1"`                                       // axis of the channels
	Momentum                  *float64           `keras:"momentum,default=0.99"`                                     // of the moving mean and variance
	Epsilon                   *float64           `keras:"epsilon,default=0.001"`                                     // added to the variance
	Center                    *bool              `keras:"center,default=true"`                                       // whether there is a beta
	Scale                     *bool              `keras:"scale,default=true"`                                        // whether there is a gamma
	BetaInitializer           any                `keras:"beta_initializer,kind=initializer,default=zeros"`           // starting value of beta
	GammaInitializer          any                `keras:"gamma_initializer,kind=initializer,default=ones"`           // starting value of gamma
	MovingMeanInitializer     any                `keras:"moving_mean_initializer,kind=initializer,default=zeros"`    // starting value of moving_mean
	MovingVarianceInitializer any                `keras:"moving_variance_initializer,kind=initializer,default=ones"` // starting value of moving_variance
	BetaRegularizer           any                `keras:"beta_regularizer,kind=regularizer"`                         // penalty on beta
	GammaRegularizer          any                `keras:"gamma_regularizer,kind=regularizer"`                        // penalty on gamma
	BetaConstraint            any                `keras:"beta_constraint,kind=constraint"`                           // applied to beta after each step
	GammaConstraint           any                `keras:"gamma_constraint,kind=constraint"`                          // applied to gamma after each step
	Renorm                    bool               `keras:"renorm,since=3.14"`                                         // whether batches are corrected toward the moving statistics; see above
	RenormClipping            map[string]float64 `keras:"renorm_clipping,since=3.14"`                                // bounds of the corrections: rmin, rmax and dmax
	RenormMomentum            *float64           `keras:"renorm_momentum,default=0.99,since=3.14"`                   // of renorm_mean and renorm_stddev
	ActivityRegularizer       any                `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                      string             `keras:"name"`
	Trainable                 *bool              `keras:"trainable,default=true"`
	DType                     string             `keras:"dtype"`
	InputShape                []int              `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[BatchNormalization](module, spec.Ignored("synchronized=false"))
}

// Build declares the four weights.
func (d BatchNormalization) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	axis, ok := b.axis(s, *d.Axis)
	if !ok {
		return
	}
	n := tensor.Shape{s[axis]}
	if *d.Scale {
		b.Weight("gamma", n, d.GammaInitializer, WeightOptions{d.GammaRegularizer, d.GammaConstraint})
	}
	if *d.Center {
		b.Weight("beta", n, d.BetaInitializer, WeightOptions{d.BetaRegularizer, d.BetaConstraint})
	}
	b.State("moving_mean", n, d.MovingMeanInitializer)
	b.State("moving_variance", n, d.MovingVarianceInitializer)
	if d.Renorm {
		b.State("moving_stddev", n, rootOf{d.MovingVarianceInitializer})
		b.State("renorm_mean", n, d.MovingMeanInitializer)
		b.State("renorm_stddev", n, rootOf{d.MovingVarianceInitializer})
	}
}

// Call normalizes.
func (d BatchNormalization) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	axis, _ := x.Shape().Axis(*d.Axis)
	mean, variance := c.Weight("moving_mean"), c.Weight("moving_variance")
	if c.Training() && *d.Trainable {
		movingMean, movingVariance := mean, variance
		if d.Renorm {
			return d.renormalized(c, x, axis)
		}
		if axis == len(x.Shape())-1 && !c.Mask(x).OK() {
			y, mean, variance := ops.BatchNorm(x, d.parameter(c, x, "gamma", 1), d.parameter(c, x, "beta", 0), *d.Epsilon)
			c.Assign("moving_mean", d.follow(movingMean, mean))
			c.Assign("moving_variance", d.follow(movingVariance, variance))
			return y
		}
		mean, variance = d.moments(c, x, axis)
		c.Assign("moving_mean", d.follow(movingMean, mean))
		c.Assign("moving_variance", d.follow(movingVariance, variance))
	}
	var gamma, beta graph.Value
	if c.Has("gamma") {
		gamma = c.Weight("gamma")
	}
	if c.Has("beta") {
		beta = c.Weight("beta")
	}
	return d.normalized(x, mean, variance, gamma, beta, axis)
}

// normalized is gamma·(x - mean)/√(variance + ε) + beta; gamma and beta may be missing.
func (d BatchNormalization) normalized(x, mean, variance, gamma, beta graph.Value, axis int) graph.Value {
	factor := ops.Rsqrt(ops.AddScalar(variance, *d.Epsilon))
	if gamma.OK() {
		factor = ops.Mul(factor, gamma)
	}
	offset := ops.Neg(ops.Mul(mean, factor))
	if beta.OK() {
		offset = ops.Add(offset, beta)
	}
	return ops.Add(ops.Mul(x, spread(factor, x, axis)), spread(offset, x, axis))
}

// parameter returns a weight, or a constant where the layer has none.
func (d BatchNormalization) parameter(c *Context, x graph.Value, name string, otherwise float64) graph.Value {
	if c.Has(name) {
		return c.Weight(name)
	}
	return ops.Fill(x.Graph(), graph.Spec{DType: x.DType(), Shape: x.Shape()[len(x.Shape())-1:]}, otherwise)
}

// moments returns the mean and the variance of each channel in the batch.
func (d BatchNormalization) moments(c *Context, x graph.Value, axis int) (mean, variance graph.Value) {
	axes := append(axesOf(x)[:axis:axis], axesOf(x)[axis+1:]...)
	mask := c.Mask(x)
	if !mask.OK() {
		return ops.Mean(x, axes, false), ops.Variance(x, axes, false)
	}
	if len(mask.Shape()) != len(x.Shape())-1 {
		c.Errorf("mask %v wants one axis less than its input %v", mask.Shape(), x.Shape())
		return mean, variance
	}
	zero := ops.Scalar(x, 0)
	mask = ops.BroadcastTo(ops.ExpandDims(mask, -1), x.Shape()...)
	count := ops.AddScalar(ops.Sum(mask, axes, false), 1e-7) // Keras's epsilon
	mean = ops.Div(ops.Sum(ops.Where(mask, x, zero), axes, false), count)
	diff := ops.Where(mask, ops.Sub(x, spread(mean, x, axis)), zero)
	return mean, ops.Div(ops.Sum(ops.Square(diff), axes, false), count)
}

// follow moves a moving statistic toward that of the batch.
func (d BatchNormalization) follow(moving, batch graph.Value) graph.Value {
	return ops.Add(ops.MulScalar(moving, *d.Momentum), ops.MulScalar(batch, 1-*d.Momentum))
}

// PassesMask keeps the mask.
func (BatchNormalization) PassesMask() {}

// FullPrecision says that gamma, beta and the statistics are float32 under mixed policies too.
func (BatchNormalization) FullPrecision() {}

// TakesMask lets a call have a mask of its own.
func (BatchNormalization) TakesMask() {}

var _ Layer = BatchNormalization{}
