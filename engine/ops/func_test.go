package ops_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// upper is a function of words to words.
var upper = &ops.Func{Name: "upper", Infer: func(in []graph.Spec) (graph.Spec, error) {
	if in[0].DType != tensor.String {
		return graph.Spec{}, errors.New("wants words")
	}
	return in[0], nil
}, Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
	for i, s := range tensor.Data[string](in[0]) {
		if s == "" {
			return errors.New("an empty word")
		}
		tensor.Data[string](out)[i] = strings.ToUpper(s)
	}
	return nil
}}

func TestFunc(t *testing.T) {
	g := graph.New()
	x := g.Input("x", graph.Spec{DType: tensor.String, Shape: tensor.Shape{2, 1}})
	y := ops.Reshape(ops.Call(upper, x), 2)
	feed := func(words ...string) graph.Feeds {
		return graph.Feeds{Inputs: map[string]*tensor.Tensor{"x": tensor.From(words, 2, 1)}}
	}
	out, err := graph.Run(g, []graph.Value{y}, feed("a", "bc"), false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"A", "BC"}, tensor.Data[string](out[0])); diff != "" {
		t.Error(diff)
	}
	defer func() {
		var e *ops.FuncError
		if err, _ := recover().(error); !errors.As(err, &e) || e.Error() != "upper: an empty word" {
			t.Errorf("panics with %v", err)
		}
	}()
	_, err = graph.Run(g, []graph.Value{y}, feed("a", ""), false)
	t.Errorf("no panic, but %v", err)
}
