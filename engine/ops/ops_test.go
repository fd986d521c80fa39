package ops_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TestNothingToDo: functions that would change nothing add no node.
func TestNothingToDo(t *testing.T) {
	g := graph.New()
	x := g.Input("x", graph.Spec{DType: tensor.Float32, Shape: []int{2, 3}})
	for name, y := range map[string]graph.Value{
		"Reshape":     ops.Reshape(x, 2, -1),
		"Transpose":   ops.Transpose(x, 0, -1),
		"BroadcastTo": ops.BroadcastTo(x, 2, 3),
		"SumTo":       ops.SumTo(x, 2, 3),
		"Slice":       ops.Slice(x, []int{0, 0}, []int{2, -1}),
		"Pad":         ops.Pad(x, [][2]int{{0, 0}, {0, 0}}, 1),
		"Concat":      ops.Concat(0, x),
		"Cast":        ops.Cast(x, tensor.Float32),
		"PowScalar":   ops.PowScalar(x, 1),
	} {
		if y.Node.Op != x.Node.Op {
			t.Errorf("%s added %v", name, y.Node.Op)
		}
	}
	if g.Err() != nil {
		t.Error(g.Err())
	}
}

func TestFill(t *testing.T) {
	g := graph.New()
	for _, s := range []graph.Spec{
		{DType: tensor.Float32, Shape: []int{2, 2}}, {DType: tensor.Float64, Shape: []int{}}, {DType: tensor.Int32, Shape: []int{3}}, {DType: tensor.Int64, Shape: []int{1}},
	} {
		got := run(t, g, []graph.Value{ops.Fill(g, s, 7)}, graph.Feeds{})[0]
		want := tensor.New(s.DType, s.Shape...)
		for i := range want.Size() {
			want.SetFloat64At(i, 7)
		}
		compare(t, s.String(), got, want, 0)
	}
}

// TestNoGradientForConstants: nothing is added to a graph for the gradient of a
// scalar operand.
func TestNoGradientForConstants(t *testing.T) {
	g := graph.New()
	x := g.Input("x", graph.Spec{DType: tensor.Float32, Shape: []int{4}})
	loss := ops.Sum(ops.PowScalar(x, 3), nil, false)
	graph.Gradients(loss, []graph.Value{x})
	for _, n := range g.Nodes {
		if op, ok := n.Op.(ops.UnaryOp); ok && op.Kind == ops.UnaryLog {
			t.Errorf("the gradient of x³ takes a logarithm:\n%v", g)
		}
	}
}

// TestOpsPrint: an op prints its kind by name, which graph dumps rely on.
func TestOpsPrint(t *testing.T) {
	g := graph.New()
	x := g.Input("x", graph.Spec{DType: tensor.Float32, Shape: []int{4, 2}})
	ops.Max(ops.AddScalar(ops.Exp(x), 1), []int{-1}, true)
	want := []string{"{Kind:Exp}", "{Kind:Add}", "{Kind:Max Axes:(1,) Keep:true}"}
	var got []string
	for _, n := range g.Nodes {
		if !n.IsSource() {
			got = append(got, fmt.Sprintf("%+v", n.Op))
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestIntegers: the largest int32 values survive arithmetic in float64.
func TestIntegers(t *testing.T) {
	g := graph.New()
	vs, feeds := feed(g, []*tensor.Tensor{tensor.From([]int32{2147483647, -2147483648}), tensor.From([]int32{-1, 1})})
	y := run(t, g, []graph.Value{ops.Add(vs[0], vs[1]), ops.Maximum(vs[0], vs[1]), ops.Greater(vs[0], vs[1])}, feeds)
	compare(t, "sum", y[0], tensor.From([]int32{2147483646, -2147483647}), 0)
	compare(t, "maximum", y[1], tensor.From([]int32{2147483647, 1}), 0)
	compare(t, "greater", y[2], tensor.From([]float32{1, 0}), 0)
}
