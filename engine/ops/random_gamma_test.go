package ops_test

import (
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TestRandomGamma compares mean and variance of gamma numbers, and of the beta
// numbers made of two, with those of the distributions; the bounds are five standard
// deviations wide.
func TestRandomGamma(t *testing.T) {
	const n = 20000
	for _, alpha := range []float64{0.01, 0.2, 1, 2.5, 40} {
		g := graph.New()
		logs := func(id uint64) graph.Value {
			return ops.RandomLogGamma(g.Scalar(tensor.Float32, alpha), []int{n}, ops.Stream{ID: id})
		}
		feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{ops.RNGInput: tensor.From([]int64{3, 4})}}
		out := run(t, g, []graph.Value{ops.Exp(logs(1)), ops.Sigmoid(ops.Sub(logs(2), logs(3)))}, feeds)
		for i, want := range []struct{ mean, variance, kurtosis float64 }{
			{alpha, alpha, 3 + 6/alpha},
			{0.5, 0.25 / (2*alpha + 1), 3 - 6/(2*alpha+3)},
		} {
			mean, variance := moments(out[i].Float32s())
			if math.Abs(mean-want.mean) > 5*math.Sqrt(want.variance/n) {
				t.Errorf("alpha %v, output %d: mean %v, want %v", alpha, i, mean, want.mean)
			}
			if math.Abs(variance/want.variance-1) > 5*math.Sqrt((want.kurtosis-1)/n) {
				t.Errorf("alpha %v, output %d: variance %v, want %v", alpha, i, variance, want.variance)
			}
		}
	}
}

func moments(x []float32) (mean, variance float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += float64(v) / n
	}
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean) / n
	}
	return mean, variance
}
