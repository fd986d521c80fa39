package losses_test

import (
	"errors"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

// input adds an input of zeros.
func input(g *graph.Graph, name string, shape ...int) graph.Value {
	return g.Input(name, graph.Spec{Shape: shape})
}

// TestShapesThatDoNotFit: the error is an ErrShape and names both shapes.
func TestShapesThatDoNotFit(t *testing.T) {
	for want, c := range map[string]struct {
		loss        any
		yTrue, pred []int
	}{
		"shape: CategoricalCrossentropy wants targets of shape (8, 3), got (8, 4)":       {"categorical_crossentropy", []int{8, 4}, []int{8, 3}},
		"shape: BinaryCrossentropy wants targets of shape (8, 3), got (8, 4)":            {"bce", []int{8, 4}, []int{8, 3}},
		"shape: SparseCategoricalCrossentropy wants targets of shape (8,), got (8, 3)":   {"sparse_categorical_crossentropy", []int{8, 3}, []int{8, 3}},
		"shape: SparseCategoricalCrossentropy wants targets of shape (8, 5), got (8,)":   {"sparse_categorical_crossentropy", []int{8}, []int{8, 5, 3}},
		"shape: CategoricalFocalCrossentropy wants targets of shape (8, 3), got (8, 2)":  {losses.CategoricalFocalCrossentropy{}, []int{8, 2}, []int{8, 3}},
		"shape: Circle wants targets (n,) and predictions (n, d), got (8, 2) and (8, 3)": {"circle", []int{8, 2}, []int{8, 3}},
	} {
		l, err := losses.Get(c.loss)
		if err != nil {
			t.Fatal(err)
		}
		g := graph.New()
		losses.Compute(l, input(g, "y", c.yTrue...), input(g, "p", c.pred...), graph.Value{}, graph.Value{})
		if err := g.Err(); err == nil || err.Error() != want || !errors.Is(err, graph.ErrShape) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestRefusedArguments: values that a loss can't work with are named.
func TestRefusedArguments(t *testing.T) {
	for want, l := range map[string]losses.Loss{
		"SparseCategoricalCrossentropy: axis 1 of predictions (8, 4, 3): only the last axis can hold the classes": losses.SparseCategoricalCrossentropy{Axis: new(1)},
		"CategoricalGeneralizedCrossEntropy: q 1 is not between 0 and 1":                                          losses.CategoricalGeneralizedCrossEntropy{Q: 1},
	} {
		g := graph.New()
		losses.Compute(l, input(g, "y", 8, 4), input(g, "p", 8, 4, 3), graph.Value{}, graph.Value{})
		if err := g.Err(); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if _, err := losses.Get(losses.MeanSquaredError{Reduction: "average"}); err == nil {
		t.Error("reduction average was accepted")
	}
	if _, err := losses.Get("ce"); err == nil {
		t.Error("ce has no meaning without shapes")
	}
	if _, err := losses.Get(3); err == nil {
		t.Error("3 is no loss")
	}
}

// own is a loss of a user's own: registered nowhere.
type own struct{}

func (own) Call(yTrue, yPred graph.Value) graph.Value {
	t, p := losses.Align(yTrue, yPred)
	return ops.Mean(ops.Abs(ops.Sub(t, p)), []int{-1}, false)
}

// TestSampleWeightsOverSteps: a weight for each sample serves values for each step;
// Keras fails on it.
func TestSampleWeightsOverSteps(t *testing.T) {
	g := graph.New()
	y := ops.Const(g, tensor.New(tensor.Float32, 2, 3, 1))
	p := ops.Const(g, tensor.From([]float32{1, 2, 3, 4, 5, 6}, 2, 3, 1))
	w := ops.Const(g, tensor.From([]float32{1, 10}))
	out, err := graph.Run(g, []graph.Value{losses.Compute(own{}, y, p, w, graph.Value{})}, graph.Feeds{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := out[0].Float64At(0), (1+2+3+40+50+60)/6.0; got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestSaturatedSoftmax: behind a softmax the gradient survives probabilities of 0.
func TestSaturatedSoftmax(t *testing.T) {
	g := graph.New()
	x := g.Input("x", graph.Spec{Shape: []int{1, 2}})
	y := ops.Const(g, tensor.From([]float32{0, 1}, 1, 2))
	loss := losses.Compute(losses.CategoricalCrossentropy{}, y, ops.Softmax(x, -1), graph.Value{}, graph.Value{})
	in := graph.Feeds{Inputs: map[string]*tensor.Tensor{"x": tensor.From([]float32{200, -200}, 1, 2)}}
	out, err := graph.Run(g, []graph.Value{loss, graph.Gradients(loss, []graph.Value{x})[0]}, in, false)
	if err != nil {
		t.Fatal(err)
	}
	if out[0].Float64At(0) != 400 || out[1].Float64At(1) != -1 {
		t.Errorf("loss %v, gradient %v; want 400 and [1 -1]", out[0], out[1])
	}
}
