package ops_test

import (
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// A target that does not fit into the steps costs +Inf and pulls nowhere; no steps spell
// only the empty text.
func TestCTCImpossible(t *testing.T) {
	g := graph.New()
	z := g.Input("z", graph.Spec{DType: tensor.Float64, Shape: graph.Shape{3, 2, 3}})
	labels := ops.Const(g, tensor.From([]int32{1, 1, 1, 2, 0, 0}, 3, 2))
	loss := ops.CTCLoss(z, labels, ops.Const(g, tensor.From([]int32{2, 2, 0}, 3)), ops.Const(g, tensor.From([]int32{2, 2, 0}, 3)), 0)
	grad := graph.Gradients(ops.Sum(loss, nil, false), []graph.Value{z})[0]
	f := graph.Feeds{Inputs: map[string]*tensor.Tensor{"z": filled(3, 2, 3)}}
	out := run(t, g, []graph.Value{loss, grad}, f)
	if l := out[0]; !math.IsInf(l.Float64At(0), 1) || math.IsInf(l.Float64At(1), 0) || l.Float64At(2) != 0 {
		t.Errorf("losses %v; two equal labels want three steps, two different ones fit into two, no steps are the empty text", l)
	}
	for i := range 6 {
		if v := out[1].Float64At(i); v != 0 {
			t.Errorf("derivative %d of the impossible sample is %v", i, v)
		}
		if v := out[1].Float64At(12 + i); v != 0 {
			t.Errorf("derivative %d of the sample without steps is %v", i, v)
		}
	}
}

func TestCTCErrors(t *testing.T) {
	for want, f := range map[string]func(z, y, n graph.Value){
		"CTCLoss: the blank 3 is none of the 3 classes":                 func(z, y, n graph.Value) { ops.CTCLoss(z, y, n, n, 3) },
		"CTCLoss: wants a length for each of the 2 samples, got (2, 4)": func(z, y, n graph.Value) { ops.CTCLoss(z, y, y, n, 0) },
		"CTCDecode: 5 paths want at least as many candidates, got 2":    func(z, y, n graph.Value) { ops.CTCDecode(z, n, ops.CTCDecodeOp{Beam: 2, Paths: 5}) },
		"CTCDecode: greedy finds 1 path, not 2":                         func(z, y, n graph.Value) { ops.CTCDecode(z, n, ops.CTCDecodeOp{Greedy: true, Paths: 2}) },
		"CTCLoss: wants a float type, got int32 (2, 4); use Cast":       func(z, y, n graph.Value) { ops.CTCLoss(y, y, n, n, 0) },
		"CTCDecode: the blank -1 is none of the 3 classes":              func(z, y, n graph.Value) { ops.CTCDecode(z, n, ops.CTCDecodeOp{Beam: 2, Paths: 1, Blank: -1}) },
		"CTCLoss: targets and lengths must be int32, got float32 (2,); use Cast": func(z, y, n graph.Value) {
			ops.CTCLoss(z, y, ops.Cast(n, tensor.Float32), n, 0)
		},
	} {
		g := graph.New()
		input := func(name string, t tensor.DType, shape ...int) graph.Value {
			return g.Input(name, graph.Spec{DType: t, Shape: shape})
		}
		f(input("z", tensor.Float32, 2, 5, 3), input("y", tensor.Int32, 2, 4), input("n", tensor.Int32, 2))
		if err := g.Err(); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
