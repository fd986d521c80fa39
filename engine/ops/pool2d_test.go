package ops_test

import (
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TestMaxPoolShowsNaN: a NaN anywhere in a window is its maximum.
func TestMaxPoolShowsNaN(t *testing.T) {
	for at := range 4 {
		x := []float32{1, 4, 3, 2}
		x[at] = float32(math.NaN())
		g := graph.New()
		vs, feeds := feed(g, []*tensor.Tensor{tensor.From(x, 1, 2, 2, 1)})
		y := run(t, g, []graph.Value{ops.MaxPool2D(vs[0], ops.PoolOptions{Size: [2]int{2, 2}})}, feeds)[0]
		if v := y.At(0, 0, 0, 0); !math.IsNaN(v) {
			t.Errorf("NaN at %d: maximum %v", at, v)
		}
	}
}

// TestMaxPoolGradientOfEquals: the first of equal elements, row by row, gets all
// of the gradient, in every window that it is in.
func TestMaxPoolGradientOfEquals(t *testing.T) {
	g := graph.New()
	vs, feeds := feed(g, []*tensor.Tensor{tensor.New(tensor.Float64, 1, 3, 3, 1)})
	y := ops.MaxPool2D(vs[0], ops.PoolOptions{Size: [2]int{2, 2}, Strides: [2]int{1, 1}, Padding: "same"})
	grad := graph.Gradients(ops.Sum(y, nil, false), vs)
	compare(t, "gradient", run(t, g, grad, feeds)[0], tensor.From([]float64{1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, 3, 3, 1), 0)

	y = ops.MaxPool2D(vs[0], ops.PoolOptions{Size: [2]int{3, 3}})
	grad = graph.Gradients(ops.Sum(y, nil, false), vs)
	compare(t, "gradient", run(t, g, grad, feeds)[0], tensor.From([]float64{1, 0, 0, 0, 0, 0, 0, 0, 0}, 1, 3, 3, 1), 0)
}
