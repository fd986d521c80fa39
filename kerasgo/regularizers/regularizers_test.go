package regularizers_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
)

// Values and gradients are compared with Keras's in package oracle.

func TestUncompleted(t *testing.T) {
	g := graph.New()
	w := g.Constant(tensor.From([]float64{1, -2, 3}))
	for _, tt := range []struct {
		r    regularizers.Regularizer
		want float64
	}{
		{regularizers.L1{}, 0.06},
		{regularizers.L2{}, 0.14},
		{regularizers.L2{L2: new(0.0)}, 0},
		{regularizers.L1L2{}, 0},
		{regularizers.L1L2{L1: 0.1, L2: 0.2}, 0.6 + 2.8},
	} {
		p := tt.r.Penalty(w)
		out, err := graph.Run(g, []graph.Value{p}, graph.Feeds{}, false)
		if err != nil {
			t.Fatal(err)
		}
		if d := out[0].Float64At(0) - tt.want; len(p.Shape()) != 0 || max(d, -d) > 1e-14 {
			t.Errorf("%+v: %v of shape %v, want %v", tt.r, out[0].Float64At(0), p.Shape(), tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		reg  any
		want string
	}{
		{"l3", "string is no regularizer"},
		{regularizers.OrthogonalRegularizer{}, "wants a weight with two axes, got (3,)"},
	} {
		g := graph.New()
		regularizers.Apply(tt.reg, g.Constant(tensor.New(tensor.Float32, 3)))
		if g.Err() == nil || !strings.Contains(g.Err().Error(), tt.want) {
			t.Errorf("%v: error %v, want %q", tt.reg, g.Err(), tt.want)
		}
	}
	g := graph.New()
	if regularizers.Apply(nil, g.Constant(tensor.New(tensor.Float32, 3))).OK() || g.Err() != nil {
		t.Error("nil has a penalty")
	}
}
