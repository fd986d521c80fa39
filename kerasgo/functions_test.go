package keras_test

import (
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
)

func ownSquares(yTrue, yPred graph.Value) graph.Value {
	return ops.Mean(ops.Square(ops.Sub(yTrue, yPred)), []int{-1}, false)
}

func ownDistance(yTrue, yPred graph.Value) graph.Value {
	return ops.Abs(ops.Sub(yTrue, yPred))
}

// TestFunctionsAsLossAndMetric: functions do what the classes of the same formula do, also
// where targets are whole numbers without the last axis.
func TestFunctionsAsLossAndMetric(t *testing.T) {
	x, y := tensor.From([]float32{1, 2, 3, 4, 5, 6}, 3, 2), tensor.From([]int32{1, 0, 2}, 3)
	logs := func(loss any, wanted ...any) map[string]float64 {
		keras.SetRandomSeed(1)
		m := keras.NewSequential(layers.Dense{Units: 1, InputShape: []int{2}})
		if err := m.Compile(keras.Compile{Loss: loss, Metrics: wanted}); err != nil {
			t.Fatal(err)
		}
		h, err := m.Fit(x, y, keras.Fit{Epochs: 2, BatchSize: 2, Verbose: keras.Silent})
		if err != nil {
			t.Fatal(err)
		}
		last := map[string]float64{}
		for k, v := range h.History {
			last[k] = v[1]
		}
		return last
	}
	want := logs("mse", "mse", "mae")
	got := logs(ownSquares, ownSquares, metrics.MeanMetricWrapper{Fn: ownDistance, Name: "distance"})
	for name, other := range map[string]string{"loss": "loss", "own_squares": "mse", "distance": "mae"} {
		if a, ok := got[name]; !ok || math.Abs(a-want[other]) > 1e-6*math.Abs(a) {
			t.Errorf("%s is %v, %s %v (%v)", name, a, other, want[other], got)
		}
	}
	m := keras.NewSequential(layers.Dense{Units: 1, InputShape: []int{2}})
	if err := m.Compile(keras.Compile{Loss: func(x graph.Value) graph.Value { return x }}); err == nil || !strings.Contains(err.Error(), "wanted is a name") {
		t.Error(err)
	}
}
