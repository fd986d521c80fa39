package layers_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// sumCell is a user's own cell: its state is the sum of the inputs, times a weight,
// its output the state twice, side by side.
type sumCell struct{ Size int }

func (c sumCell) StateSize() []int { return []int{c.Size} }
func (c sumCell) OutputSize() int  { return 2 * c.Size }
func (c sumCell) Build(b *layers.Builder, in ...tensor.Shape) {
	b.Weight("factor", tensor.Shape{c.Size}, initializers.Constant{Value: 3}, layers.WeightOptions{})
}
func (c sumCell) Call(ctx *layers.Context, in ...graph.Value) graph.Value {
	return c.CallMulti(ctx, in...)[0]
}
func (c sumCell) CallMulti(ctx *layers.Context, in ...graph.Value) []graph.Value {
	s := ops.Add(in[1], ops.Mul(in[0], ctx.Weight("factor")))
	return []graph.Value{ops.Concat(1, s, s), s}
}

func TestOwnCell(t *testing.T) {
	x := tensor.From([]float32{1, 2, 3, 4, 5, 6}, 1, 3, 2)
	y := call{}.must(t, layers.RNN{Cell: sumCell{2}}, x)
	if got := fmt.Sprint(y.Shape(), y.Float32s()); got != "(1, 4) [27 36 27 36]" {
		t.Error(got)
	}
	mask := tensor.From([]float32{0, 1, 0}, 1, 3)
	y = call{masks: map[int]*tensor.Tensor{0: mask}}.must(t, layers.RNN{Cell: sumCell{2}, ReturnSequences: true}, x)
	if got := fmt.Sprint(y.Float32s()); got != "[0 0 0 0 9 12 9 12 9 12 9 12]" {
		t.Error(got)
	}
}

// Dropout of inputs and states: the same elements at every step of a sample, others
// in other samples, and nothing outside training.
func TestRecurrentDropout(t *testing.T) {
	x := ones(200, 3, 1)
	cell := func(rate, recurrent float64) layers.SimpleRNN {
		one := initializers.Ones{}
		return layers.SimpleRNN{Units: 1, Activation: "linear", KernelInitializer: one, RecurrentInitializer: one, Dropout: rate, RecurrentDropout: recurrent}
	}
	count := func(l any, training bool) map[float64]int {
		m := map[float64]int{}
		for _, v := range (call{training: training, path: "a", seed: 3, step: 5}).must(t, l, x).Float32s() {
			m[math.Round(float64(v)*1000)/1000]++
		}
		return m
	}
	for _, tt := range []struct {
		layer    any
		training bool
		want     []float64
	}{
		{cell(0.5, 0), false, []float64{3}},
		{cell(0.5, 0), true, []float64{0, 6}}, // all of a sample's inputs, doubled, or none
		{cell(0, 0.5), true, []float64{1, 7}}, // 1, or 1+2(1+2·1)
		{cell(1, 0), true, []float64{0}},
	} {
		got := count(tt.layer, tt.training)
		if len(got) != len(tt.want) {
			t.Errorf("%+v: %v", tt.layer, got)
		}
		for _, v := range tt.want {
			if n := got[v]; n < 60 {
				t.Errorf("%+v: %v samples of 200 with %v: %v", tt.layer, n, v, got)
			}
		}
	}
	seq := layers.LSTM{Units: 2, Dropout: 0.4, RecurrentDropout: 0.3, Seed: new(4)}
	a, b := call{training: true, seed: 1}.must(t, seq, x), call{training: true, seed: 2}.must(t, seq, x)
	if a.Size() != b.Size() || len(count(layers.GRU{Units: 1, Dropout: 0.4, RecurrentDropout: 0.3}, true)) < 4 {
		t.Error("the gates of GRU drop alike")
	}
}

func TestUnitForgetBias(t *testing.T) {
	done, err := spec.CompleteAny(layers.LSTM{Units: 2, BiasInitializer: initializers.Constant{Value: 5}})
	if err != nil {
		t.Fatal(err)
	}
	b := layers.NewBuilder(graph.New())
	done.(layers.Layer).Build(b, tensor.Shape{3, 4, 5})
	w := b.Weights[2]
	v, err := w.Initializer.(initializers.Initializer).Initialize(w.Shape, nil)
	if err != nil || w.Name != "cell/bias" || fmt.Sprint(v.Float32s()) != "[5 5 1 1 5 5 5 5]" {
		t.Errorf("%s: %v %v", w.Name, v, err)
	}
}

func TestRecurrentErrors(t *testing.T) {
	x := ones(2, 3, 4)
	for _, tt := range []struct {
		layer any
		in    []*tensor.Tensor
		want  string
	}{
		{layers.LSTM{Units: 2}, []*tensor.Tensor{ones(2, 3)}, "wanted (batch, steps, features)"},
		{layers.LSTM{Units: 2}, []*tensor.Tensor{x, ones(2, 2)}, "2 arrays of first state, got 2 inputs"},
		{layers.GRU{Units: 2}, []*tensor.Tensor{x, ones(2, 3)}, "first state (None, 3) does not fit; wanted (None, 2)"},
		{layers.GRU{Units: 2}, []*tensor.Tensor{ones(2, 0, 4)}, "has no steps"},
		{layers.GRU{Units: 2, Dropout: 1.5}, []*tensor.Tensor{x}, "dropout"},
		{layers.RNN{Cell: layers.Dense{Units: 2}}, []*tensor.Tensor{x}, "cell: a layers.Dense is no cell of a recurrent layer"},
		{layers.RNN{Cell: layers.StackedRNNCells{Cells: []any{layers.Flatten{}}}}, []*tensor.Tensor{x}, "layers.Flatten"},
		{layers.LSTMCell{Units: 2}, []*tensor.Tensor{ones(2, 4), ones(2, 2)}, "2 arrays of state, got 2 inputs"},
		{layers.Bidirectional{Layer: layers.Dense{Units: 2}}, []*tensor.Tensor{x}, "Bidirectional wants SimpleRNN, LSTM, GRU or RNN"},
		{layers.Bidirectional{Layer: layers.GRU{Units: 2}, BackwardLayer: layers.GRU{Units: 2}}, []*tensor.Tensor{x}, "go_backwards is false in both layers"},
		{layers.Bidirectional{Layer: layers.GRU{Units: 2}, BackwardLayer: layers.GRU{Units: 2, GoBackwards: true, ReturnSequences: true}}, []*tensor.Tensor{x}, "return_sequences"},
		{layers.Bidirectional{Layer: layers.GRU{Units: 2}, MergeMode: "max"}, []*tensor.Tensor{x}, "merge_mode"},
		{layers.Bidirectional{Layer: layers.GRU{Units: 2}}, []*tensor.Tensor{x, x}, "as many arrays of first state for each direction"},
		{layers.TimeDistributed{Layer: layers.Dense{Units: 2}}, []*tensor.Tensor{ones(2, 3)}, "wanted (batch, steps, ...)"},
	} {
		if _, err := (call{}).run(tt.layer, tt.in...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%T: error %v, want %q", tt.layer, err, tt.want)
		}
	}
}

// Completing a Bidirectional again changes nothing.
func TestBidirectionalCompleted(t *testing.T) {
	a, err := spec.CompleteAny(layers.Bidirectional{Layer: layers.LSTM{Units: 2, Name: "forward_x", ReturnSequences: true}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := spec.CompleteAny(a)
	if err != nil {
		t.Fatal(err)
	}
	text := func(v any) string {
		o, err := spec.Serialize(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(spec.JSON(o, 0))
	}
	if s := text(a); s != text(b) || !strings.Contains(s, `"forward_x"`) || !strings.Contains(s, `"backward_forward_x"`) {
		t.Errorf("%s\n%s", s, text(b))
	}
}

// TestCells: a list of cells is one cell, as Keras takes it.
func TestCells(t *testing.T) {
	list, err := spec.Complete(layers.RNN{Cell: []any{layers.LSTMCell{Units: 4}, layers.GRUCell{Units: 5}}})
	if err != nil {
		t.Fatal(err)
	}
	one, err := spec.Complete(layers.RNN{Cell: layers.StackedRNNCells{Cells: []any{layers.LSTMCell{Units: 4}, layers.GRUCell{Units: 5}}}})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := config(t, list), config(t, one); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	if _, err := spec.Complete(layers.RNN{Cell: []any{layers.LSTMCell{Units: 4}, layers.Dense{Units: 5}}}); err == nil || !strings.Contains(err.Error(), "cells[1]: a layers.Dense is no cell") {
		t.Error(err)
	}
}

// config returns a layer's description as JSON.
func config(t *testing.T, l any) string {
	t.Helper()
	o, err := spec.Serialize(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(spec.JSON(o, 0))
}
