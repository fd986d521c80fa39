package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// LayerNormOp normalizes the last axes of x, those of gamma, sample by sample (Ba,
// Kiros and Hinton, 2016):
//
//	y = (x - mean)/√(variance + Epsilon)·gamma + beta
//
// With RMS the mean counts as 0, so that the variance is the mean of the squares
// (Zhang and Sennrich, 2019). Inputs x (…, n), gamma (n), beta (n), where n stands for
// one axis or several. Outputs y (…, n) and, for the gradient, the mean and
// 1/√(variance + Epsilon) of each row, (rows, 2).
type LayerNormOp struct {
	Epsilon float64
	RMS     bool
}

// LayerNormGradOp is the gradient of LayerNormOp. Inputs x, gamma, the second output
// and the gradient of the first; outputs the gradients of x, gamma and beta.
type LayerNormGradOp struct {
	Epsilon float64
	RMS     bool
}

// Infer checks the normalized axes.
func (o LayerNormOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("LayerNorm", in, 3); err != nil {
		return nil, err
	}
	if err := wantFloat("LayerNorm", in...); err != nil {
		return nil, err
	}
	x, n := in[0].Shape, in[1].Shape
	if at := len(x) - len(n); at < 0 || len(n) == 0 || !x[at:].Equal(n) || !in[2].Shape.Equal(n) {
		return nil, misfit("LayerNorm", "wants x (…, n), gamma (n) and beta (n), got %v, %v and %v", x, n, in[2].Shape)
	}
	rows := 1
	for _, d := range x[:len(x)-len(n)] {
		rows *= d
	}
	return []spec{in[0], {DType: in[0].DType, Shape: shape{rows, 2}}}, nil
}

// Infer wants what the normalization had and gave.
func (o LayerNormGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("LayerNormGrad", in, 4); err != nil {
		return nil, err
	}
	out, err := LayerNormOp(o).Infer([]spec{in[0], in[1], in[1]})
	if err != nil {
		return nil, err
	}
	for i, s := range []spec{out[1], out[0]} {
		if !in[2+i].Shape.Equal(s.Shape) || in[2+i].DType != s.DType {
			return nil, misfit("LayerNormGrad", "wants statistics %v and dy %v, got %v and %v", out[1], out[0], in[2], in[3])
		}
	}
	return []spec{in[0], in[1], in[1]}, nil
}

// Gradient is a LayerNormGradOp. The statistics are not handed out.
func (o LayerNormOp) Gradient(in, out, dout []value) []value {
	if !dout[0].OK() {
		return make([]value, 3)
	}
	return in[0].Graph().Apply(LayerNormGradOp(o), in[0], in[1], out[1], dout[0])
}

// Gradient is the derivative of the gradient of the same computation written with
// other ops.
func (o LayerNormGradOp) Gradient(in, out, dout []value) []value {
	g := in[0].Graph()
	x, gamma, dy := StopGradient(in[0]), StopGradient(in[1]), StopGradient(in[3])
	beta := Sub(gamma, gamma) // its value does not matter
	y := LayerNormOp(o).composed(x, gamma, beta)
	first := g.Backprop([]value{y}, []value{dy}, []value{x, gamma, beta})
	second := g.Backprop(first, dout, []value{x, gamma, dy})
	return []value{second[0], second[1], {}, second[2]}
}

// composed computes y with ops that have derivatives of any order.
func (o LayerNormOp) composed(x, gamma, beta value) value {
	var axes []int
	for i := range gamma.Shape() {
		axes = append(axes, i-gamma.Shape().Rank())
	}
	if !o.RMS {
		x = Sub(x, Mean(x, axes, true))
	}
	y := Mul(x, Rsqrt(AddScalar(Mean(Square(x), axes, true), o.Epsilon)))
	return Add(Mul(y, gamma), beta)
}

// Eval takes two passes for the statistics, as the formula says.
func (o LayerNormOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		layerNorm[float32](o, out, in)
	} else {
		layerNorm[float64](o, out, in)
	}
}

func layerNorm[T float](o LayerNormOp, out, in []array) {
	x, gamma, beta := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2])
	y, stats := tensor.Data[T](out[0]), tensor.Data[T](out[1])
	n := len(gamma)
	for r := range len(stats) / 2 {
		row := x[r*n:][:n]
		mean, variance := 0.0, 0.0
		if !o.RMS {
			for _, v := range row {
				mean += float64(v) / float64(n)
			}
		}
		for _, v := range row {
			variance += (float64(v) - mean) * (float64(v) - mean) / float64(n)
		}
		root := 1 / math.Sqrt(variance+o.Epsilon)
		stats[2*r], stats[2*r+1] = T(mean), T(root)
		for i, v := range row {
			y[r*n+i] = T((float64(v)-mean)*root*float64(gamma[i]) + float64(beta[i]))
		}
	}
}

// Eval sums the gradients of the statistics of a row first.
func (o LayerNormGradOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		layerNormGrad[float32](o, out, in)
	} else {
		layerNormGrad[float64](o, out, in)
	}
}

func layerNormGrad[T float](o LayerNormGradOp, out, in []array) {
	x, gamma, stats, dy, dx := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2]), tensor.Data[T](in[3]), tensor.Data[T](out[0])
	n := len(gamma)
	dgamma, dbeta := make([]float64, n), make([]float64, n)
	for r := range len(stats) / 2 {
		mean, root := float64(stats[2*r]), float64(stats[2*r+1])
		normal := func(i int) float64 { return (float64(x[r*n+i]) - mean) * root }
		sum, dot := 0.0, 0.0 // of the gradient of the normal numbers
		for i, v := range dy[r*n:][:n] {
			d := float64(v)
			dbeta[i] += d
			dgamma[i] += d * normal(i)
			sum += d * float64(gamma[i])
			dot += d * float64(gamma[i]) * normal(i)
		}
		if o.RMS {
			sum = 0
		}
		for i, v := range dy[r*n:][:n] {
			dx[r*n+i] = T(root * (float64(v)*float64(gamma[i]) - sum/float64(n) - normal(i)*dot/float64(n)))
		}
	}
	store(tensor.Data[T](out[1]), dgamma)
	store(tensor.Data[T](out[2]), dbeta)
}

// LayerNorm normalizes the last axes of x, those of gamma and beta, by their mean and
// biased variance.
func LayerNorm(x, gamma, beta graph.Value, epsilon float64) graph.Value {
	return applyLayerNorm(LayerNormOp{Epsilon: epsilon}, x, gamma, beta)
}

// RMSNorm divides the last axes of x, those of gamma, by the root of the mean of their
// squares.
func RMSNorm(x, gamma graph.Value, epsilon float64) graph.Value {
	if broken(x) || broken(gamma) {
		return x
	}
	return applyLayerNorm(LayerNormOp{epsilon, true}, x, gamma, Fill(gamma.Graph(), gamma.Spec(), 0))
}

func applyLayerNorm(o LayerNormOp, x, gamma, beta value) value {
	if broken(x) {
		return x
	}
	return x.Graph().Apply(o, x, gamma, beta)[0]
}

var (
	_ graph.Op = LayerNormOp{}
	_ graph.Op = LayerNormGradOp{}
)
