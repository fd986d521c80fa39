package layers

import (
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Means and variances are those of the distributions, within five standard deviations.
func TestDraws(t *testing.T) {
	const n = 20000
	g := graph.New()
	c := NewContext(Env{Graph: g, DType: tensor.Float32})
	logits := g.Constant(tensor.From([]float32{0, float32(math.Log(3)), -100, 2, 0, 0}, 2, 3))
	classes := c.Categorical(nil, logits, n)
	e2 := math.Exp(2)
	p := e2 / (e2 + 2)
	for _, d := range []struct {
		name           string
		value          graph.Value
		mean, variance float64
		min, max       float64
	}{
		{"RandInt", c.RandInt(nil, -2, 4, n), 0.5, 35.0 / 12, -2, 3},
		{"Categorical, row 0", ops.Slice(classes, []int{0, 0}, []int{1, n}), 0.75, 0.75 * 0.25, 0, 1},
		{"Categorical, row 1", ops.Cast(ops.Equal(ops.Slice(classes, []int{1, 0}, []int{1, n}), ops.Scalar(classes, 0)), tensor.Float32), p, p * (1 - p), 0, 1},
		{"Gamma", c.Gamma(nil, 2.5, n), 2.5, 2.5, 0, 100},
		{"Beta", c.Beta(new(3), 2, 3, n), 0.4, 0.04, 0, 1},
		{"Binomial", c.Binomial(nil, 7, 0.3, n), 2.1, 1.47, 0, 7},
	} {
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{ops.RNGInput: tensor.From([]int64{3, 4})}}
		out, err := graph.Run(g, []graph.Value{d.value}, feeds, false)
		if err != nil {
			t.Fatal(err)
		}
		mean, square := 0.0, 0.0
		for i := range out[0].Size() {
			x := out[0].Float64At(i)
			if x < d.min || x > d.max {
				t.Fatalf("%s: %v is outside [%v, %v]", d.name, x, d.min, d.max)
			}
			mean, square = mean+x/n, square+x*x/n
		}
		if out[0].Size() != n || math.Abs(mean-d.mean) > 5*math.Sqrt(d.variance/n) || math.Abs((square-mean*mean)/d.variance-1) > 0.1 {
			t.Errorf("%s: %d numbers, mean %v, variance %v; want %d, %v, %v", d.name, out[0].Size(), mean, square-mean*mean, n, d.mean, d.variance)
		}
	}
	c.Categorical(nil, g.Constant(tensor.From([]float32{1})), 2)
	if g.Err() == nil {
		t.Error("no error for logits of one axis")
	}
}
