package operations_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
)

// fn is a layer that calls a function.
type fn struct {
	f func(x graph.Value) graph.Value
}

func (fn) Build(*layers.Builder, ...tensor.Shape) {}
func (l fn) Call(_ *layers.Context, in ...graph.Value) graph.Value {
	return l.f(in[0])
}

// TestApply: operations compute in the Call of a layer of one's own.
func TestApply(t *testing.T) {
	x := tensor.From([]float32{1, 2, 3, 4, 5, 6}, 2, 3)
	tests := map[string]struct {
		f    func(x graph.Value) graph.Value
		want []float32
		err  string
	}{
		"at":      {func(x graph.Value) graph.Value { return operations.At(x, keras.All, -1) }, []float32{3, 6}, ""},
		"columns": {func(x graph.Value) graph.Value { return operations.At(x, keras.Rest, keras.From(1)) }, []float32{2, 3, 5, 6}, ""},
		"number":  {func(x graph.Value) graph.Value { return operations.Apply(operations.Maximum{}, x, 3.5) }, []float32{3.5, 3.5, 3.5, 4, 5, 6}, ""},
		"split": {func(x graph.Value) graph.Value {
			return operations.ApplyMulti(operations.Split{Sections: 3, Axis: new(1)}, x)[1]
		}, []float32{2, 5}, ""},
		"list": {func(x graph.Value) graph.Value {
			return operations.Apply(operations.Concatenate{Axis: new(-1)}, []graph.Value{x, x})
		}, []float32{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}, ""},
		"array": {func(x graph.Value) graph.Value { return operations.Apply(operations.Add{}, x, []int{1, 2, 3}) }, []float32{2, 4, 6, 5, 7, 9}, ""},
		"arange": {func(x graph.Value) graph.Value {
			return operations.Apply(operations.Add{}, x, ops.Arange(x.Graph(), 3))
		}, []float32{1, 3, 5, 4, 6, 8}, ""},
		"wrong": {func(x graph.Value) graph.Value { return operations.Apply(operations.Add{}, x, 1, 2) }, nil, "fn/Add: called with 3 arguments; it takes x1, x2"},
		"shapes": {func(x graph.Value) graph.Value {
			return ops.Neg(operations.ApplyMulti(operations.Matmul{}, x, x)[2])
		}, nil, "fn/Matmul: MatMul: shapes (None, 3) and (None, 3)"},
	}
	for name, test := range tests {
		m := keras.NewSequential(fn{test.f})
		y, err := m.Predict(x, keras.Predict{Verbose: keras.Silent})
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v; wanted %q", name, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, y.Float32s()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
