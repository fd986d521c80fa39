package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// BatchNormOp normalizes each channel, of the last axis, by its own mean and
// biased variance (Ioffe and Szegedy, 2015):
//
//	y = (x - mean)·gamma/√(variance + Epsilon) + beta
//
// Inputs x (…, C), gamma (C), beta (C). Outputs y (…, C), mean (C), variance (C).
type BatchNormOp struct{ Epsilon float64 }

// BatchNormGradOp is the gradient of BatchNormOp's y. Inputs x, gamma, mean,
// variance and the gradient of y; outputs those of x, gamma and beta.
type BatchNormGradOp struct{ Epsilon float64 }

// Infer checks the channels.
func (o BatchNormOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("BatchNorm", in, 3); err != nil {
		return nil, err
	}
	if err := wantFloat("BatchNorm", in...); err != nil {
		return nil, err
	}
	x, c := in[0].Shape, shape{1}
	if len(x) > 0 {
		c = shape{x.Last()}
	}
	if len(x) < 1 || !in[1].Shape.Equal(c) || !in[2].Shape.Equal(c) {
		return nil, misfit("BatchNorm", "wants x (…, C), gamma (C) and beta (C), got %v, %v and %v", x, in[1].Shape, in[2].Shape)
	}
	return []spec{in[0], {DType: in[0].DType, Shape: c}, {DType: in[0].DType, Shape: c}}, nil
}

// Infer wants what the normalization had and gave.
func (o BatchNormGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("BatchNormGrad", in, 5); err != nil {
		return nil, err
	}
	out, err := BatchNormOp(o).Infer([]spec{in[0], in[1], in[1]})
	if err != nil {
		return nil, err
	}
	for i, s := range []spec{out[1], out[2], out[0]} {
		if !in[2+i].Shape.Equal(s.Shape) || in[2+i].DType != s.DType {
			return nil, misfit("BatchNormGrad", "wants mean (C), variance (C) and dy like x %v, got %v, %v and %v", in[0], in[2], in[3], in[4])
		}
	}
	return []spec{in[0], in[1], in[1]}, nil
}

// Gradient is a BatchNormGradOp, and what the statistics add.
func (o BatchNormOp) Gradient(in, out, dout []value) []value {
	grads := make([]value, 3)
	if dout[0].OK() {
		grads = in[0].Graph().Apply(BatchNormGradOp(o), in[0], in[1], out[1], out[2], dout[0])
	}
	grads[0] = o.AddStatistics(grads[0], in[0], out[1], dout[1], dout[2])
	return grads
}

// AddStatistics adds to dx, which may be the zero Value, the gradient that comes
// through the mean and the variance if these are used otherwise; theirs may be the
// zero Value too.
func (o BatchNormOp) AddStatistics(dx, x, mean, dmean, dvariance graph.Value) graph.Value {
	n := float64(x.Shape().Size()) / float64(max(1, x.Shape().Last()))
	add := func(d value) {
		if dx.OK() {
			d = Add(dx, d)
		}
		dx = d
	}
	if dmean.OK() {
		add(BroadcastTo(MulScalar(dmean, 1/n), x.Shape()...))
	}
	if dvariance.OK() {
		add(Mul(MulScalar(dvariance, 2/n), Sub(x, mean)))
	}
	return dx
}

// Gradient is not implemented: it records an error.
func (o BatchNormGradOp) Gradient(in, out, dout []value) []value { return noSecond("BatchNorm", in) }

// Eval takes two passes for the statistics, as the formula says.
func (o BatchNormOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		batchNorm[float32](o, out, in)
	} else {
		batchNorm[float64](o, out, in)
	}
}

func batchNorm[T float](o BatchNormOp, out, in []array) {
	x, gamma, beta, y := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2]), tensor.Data[T](out[0])
	c := len(gamma)
	mean, variance := make([]float64, c), make([]float64, c)
	n := float64(len(x)) / float64(c)
	for i, v := range x {
		mean[i%c] += float64(v) / n
	}
	for i, v := range x {
		d := float64(v) - mean[i%c]
		variance[i%c] += d * d / n
	}
	for i, v := range x {
		k := i % c
		y[i] = T((float64(v)-mean[k])*float64(gamma[k])/math.Sqrt(variance[k]+o.Epsilon) + float64(beta[k]))
	}
	store(tensor.Data[T](out[1]), mean)
	store(tensor.Data[T](out[2]), variance)
}

// Eval sums the gradients of the statistics first.
func (o BatchNormGradOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		batchNormGrad[float32](o, out, in)
	} else {
		batchNormGrad[float64](o, out, in)
	}
}

func batchNormGrad[T float](o BatchNormGradOp, out, in []array) {
	x, gamma, mean, variance, dy := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2]), tensor.Data[T](in[3]), tensor.Data[T](in[4])
	c := len(gamma)
	n := float64(len(x)) / float64(c)
	normal := func(i int) float64 {
		return (float64(x[i]) - float64(mean[i%c])) / math.Sqrt(float64(variance[i%c])+o.Epsilon)
	}
	dgamma, dbeta := make([]float64, c), make([]float64, c)
	for i, d := range dy {
		dbeta[i%c] += float64(d)
		dgamma[i%c] += float64(d) * normal(i)
	}
	dx := tensor.Data[T](out[0])
	for i, d := range dy {
		k := i % c
		dx[i] = T(float64(gamma[k]) / math.Sqrt(float64(variance[k])+o.Epsilon) * (float64(d) - dbeta[k]/n - normal(i)*dgamma[k]/n))
	}
	store(tensor.Data[T](out[1]), dgamma)
	store(tensor.Data[T](out[2]), dbeta)
}

// BatchNorm normalizes the channels (the last axis) of x by their own mean and
// biased variance and returns these too. gamma and beta are (C).
func BatchNorm(x, gamma, beta graph.Value, epsilon float64) (y, mean, variance graph.Value) {
	if broken(x) {
		return x, x, x
	}
	out := x.Graph().Apply(BatchNormOp{epsilon}, x, gamma, beta)
	return out[0], out[1], out[2]
}

var (
	_ graph.Op = BatchNormOp{}
	_ graph.Op = BatchNormGradOp{}
)
