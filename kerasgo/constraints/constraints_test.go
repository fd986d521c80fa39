package constraints_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/constraints"
)

// Values are compared with Keras's in package oracle; here without completion.
func TestApply(t *testing.T) {
	w := tensor.From([]float64{3, 0.3, -4, 0.4}, 2, 2) // columns of length 5 and 0.5
	for _, tt := range []struct {
		c    any
		want []float64
	}{
		{nil, []float64{3, 0.3, -4, 0.4}},
		{constraints.MaxNorm{}, []float64{1.2, 0.3, -1.6, 0.4}},
		{constraints.MinMaxNorm{MinValue: 1, MaxValue: new(4.0)}, []float64{2.4, 0.6, -3.2, 0.8}},
		{constraints.MinMaxNorm{MinValue: 1, MaxValue: new(4.0), Rate: new(0.5)}, []float64{2.7, 0.45, -3.6, 0.6}},
		{constraints.NonNeg{}, []float64{3, 0.3, 0, 0.4}},
		{constraints.UnitNorm{}, []float64{0.6, 0.6, -0.8, 0.8}},
		{constraints.UnitNorm{Axis: []int{1}}, []float64{0.9950372, 0.0995037, -0.9950372, 0.0995037}},
	} {
		g := graph.New()
		y := constraints.Apply(tt.c, g.Constant(w))
		out, err := graph.Run(g, []graph.Value{y}, graph.Feeds{}, false)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, out[0].Float64s(), cmpopts.EquateApprox(1e-6, 0)); d != "" {
			t.Errorf("%+v: %s", tt.c, d)
		}
	}
	g := graph.New()
	constraints.Apply(1, g.Constant(w))
	if g.Err() == nil || !strings.Contains(g.Err().Error(), "int is no constraint") {
		t.Errorf("error %v", g.Err())
	}
}
