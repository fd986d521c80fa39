package activations_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// The values at Keras's default parameters are compared in package oracle; here
// are the functions with parameters.
func TestParameters(t *testing.T) {
	x := []float64{-3, -1, -0.25, 0, 0.25, 1, 3}
	tests := []struct {
		name string
		f    activations.Func
		want func(x float64) float64
	}{
		{"leaky", func(x graph.Value) graph.Value { return activations.LeakyReluWith(x, 0.1) }, func(x float64) float64 { return max(x, 0.1*x) }},
		{"relu max", func(x graph.Value) graph.Value { return activations.ReluWith(x, 0, new(0.5), 0) }, func(x float64) float64 { return min(max(x, 0), 0.5) }},
		{"relu all", func(x graph.Value) graph.Value { return activations.ReluWith(x, 0.5, new(2.0), 0.5) }, func(x float64) float64 {
			switch {
			case x >= 2:
				return 2
			case x >= 0.5:
				return x
			}
			return 0.5 * (x - 0.5)
		}},
		{"threshold", func(x graph.Value) graph.Value { return activations.Threshold(x, 0.5, -7) }, func(x float64) float64 {
			if x > 0.5 {
				return x
			}
			return -7
		}},
		{"elu", func(x graph.Value) graph.Value { return activations.EluWith(x, 2) }, func(x float64) float64 {
			if x > 0 {
				return x
			}
			return 2 * math.Expm1(x)
		}},
		{"celu", func(x graph.Value) graph.Value { return activations.CeluWith(x, 2) }, func(x float64) float64 { return max(x, 0) + min(0, 2*math.Expm1(x/2)) }},
		{"gelu tanh", activations.GeluTanh, func(x float64) float64 {
			return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
		}},
		{"squareplus", func(x graph.Value) graph.Value { return activations.SquareplusWith(x, 1) }, func(x float64) float64 { return (x + math.Sqrt(x*x+1)) / 2 }},
		{"hard shrink", func(x graph.Value) graph.Value { return activations.HardShrinkWith(x, 0.2) }, func(x float64) float64 {
			if math.Abs(x) > 0.2 {
				return x
			}
			return 0
		}},
		{"soft shrink", func(x graph.Value) graph.Value { return activations.SoftShrinkWith(x, 0.2) }, func(x float64) float64 {
			return math.Copysign(max(math.Abs(x)-0.2, 0), x)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := make([]float64, len(x))
			for i, v := range x {
				want[i] = tt.want(v)
			}
			got := apply(t, tt.f, tensor.From(x)).Float64s()
			if d := cmp.Diff(want, got, cmpopts.EquateApprox(1e-14, 1e-15)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSparsemax(t *testing.T) {
	for _, tt := range []struct{ x, want []float64 }{
		{[]float64{1, 2, 3, 2.9}, []float64{0, 0, 0.55, 0.45}},
		{[]float64{0.1, 0.2, 0.3, 0.25}, []float64{0.1375, 0.2375, 0.3375, 0.2875}},
		{[]float64{5, 0, 0, 0}, []float64{1, 0, 0, 0}},
		{[]float64{1, 1, 1, 1}, []float64{0.25, 0.25, 0.25, 0.25}},
	} {
		got := apply(t, activations.Sparsemax, tensor.From(tt.x, 1, 4)).Float64s()
		if d := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-12)); d != "" {
			t.Errorf("sparsemax(%v): %s", tt.x, d)
		}
	}
	// The derivative along the support is the centring matrix: a weighted sum
	// moves by each weight's distance from their mean.
	g := graph.New()
	x := g.Input("x", graph.Spec{DType: tensor.Float64, Shape: tensor.Shape{1, 4}})
	w := g.Constant(tensor.From([]float64{5, 6, 1, 2}, 1, 4))
	d := graph.Gradients(ops.Sum(ops.Mul(activations.Sparsemax(x), w), nil, false), []graph.Value{x})
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{"x": tensor.From([]float64{1, 2, 3, 2.9}, 1, 4)}}
	out, err := graph.Run(g, d, feeds, false)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{0, 0, -0.5, 0.5}, out[0].Float64s(), cmpopts.EquateApprox(0, 1e-12)); d != "" {
		t.Error(d)
	}
}

func TestApply(t *testing.T) {
	g := graph.New()
	x := g.Constant(tensor.From([]float64{-1, 1}))
	if activations.Apply(nil, x) != x {
		t.Error("nil is not linear")
	}
	relu, err := spec.ResolveString("activation", "relu")
	if err != nil {
		t.Fatal(err)
	}
	if y := activations.Apply(relu, x); y != activations.Relu(x) && y.Node.Op != activations.Relu(x).Node.Op {
		t.Error("relu is another function")
	}
	activations.Apply(3, x)
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "int is no activation") {
		t.Errorf("error %v", err)
	}
}

func TestGluOdd(t *testing.T) {
	g := graph.New()
	activations.Glu(g.Constant(tensor.New(tensor.Float32, 2, 3)))
	if g.Err() == nil || !strings.Contains(g.Err().Error(), "halves") {
		t.Errorf("error %v", g.Err())
	}
}

func apply(t *testing.T, f activations.Func, x *tensor.Tensor) *tensor.Tensor {
	t.Helper()
	g := graph.New()
	y := f(g.Constant(x))
	out, err := graph.Run(g, []graph.Value{y}, graph.Feeds{}, false)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}
