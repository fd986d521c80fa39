package keras_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
)

// A model cut out of another shares its layers: same numbers, same weights.
func TestFeaturesOfALayer(t *testing.T) {
	for _, sequential := range []bool{true, false} {
		var base *keras.Model
		if sequential {
			base = keras.NewSequential(layers.Dense{Units: 4, Name: "first", InputShape: []int{3}}, layers.Dense{Units: 2, Name: "last"})
		} else {
			x := keras.Input(3)
			base = keras.NewModel(x, keras.Apply(layers.Dense{Units: 2, Name: "last"}, keras.Apply(layers.Dense{Units: 4, Name: "first"}, x)))
		}
		first, err := base.GetLayer("first")
		if err != nil {
			t.Fatal(err)
		}
		head := keras.NewModel(base.Input(), keras.List(first.Output(), first.Output().Mul(2)))
		for _, m := range []*keras.Model{base, head} {
			if err := m.Build(); err != nil {
				t.Fatal(err)
			}
		}
		if base.Weights()[0] != head.Weights()[0] {
			t.Error("the model of the features has weights of its own")
		}
		data := tensor.From([]float32{1, 2, 3, -1, 0, 2}, 2, 3)
		got, err := head.PredictAll(data, keras.Predict{Verbose: -1})
		if err != nil {
			t.Fatal(err)
		}
		double := make([]float32, got[0].Size())
		for i, v := range got[0].Float32s() {
			double[i] = 2 * v
		}
		if d := cmp.Diff(double, got[1].Float32s()); d != "" {
			t.Error(d)
		}
	}
}

// Mistakes in operations name the operation, the place and what would do.
func TestOperationMistakes(t *testing.T) {
	x := keras.Input(4)
	for name, s := range map[string]*keras.Symbol{
		"layer_symbols_test.go":                 keras.Op(operations.Add{}, x, "two"),
		"takes x1, x2":                          keras.Op(operations.Add{}, x, 1, 2),
		"none of the arguments is a symbol":     keras.Op(operations.Add{}, 1, 2),
		"axis 3 of a tensor of rank 2":          keras.Op(operations.Cumsum{Axis: new(3)}, x),
		"do not broadcast":                      x.Add(keras.Input(3)),
		"3 indices for a tensor of rank 2":      x.At(0, 0, 0),
		"not a map[string]int":                  x.Add(map[string]int{}),
		"index 9 is outside axis 1 of length 4": x.At(keras.All, 9),
		"4 columns":                             x.At(nil).MatMul(keras.Input(3)),
	} {
		err := keras.NewModel(x, s).Err()
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("%q is not in: %v", name, err)
		}
	}
}
