package keras_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func names(list []*keras.Layer) (out []string) {
	for _, l := range list {
		out = append(out, l.Name())
	}
	return out
}

// TestLayerOrder builds a graph in a tangled order, with a shared layer, branches
// of different depth and an input without use, and compares with what Keras lists.
func TestLayerOrder(t *testing.T) {
	a, b, c := keras.Input(3), keras.Input(3), keras.Input(2)
	d := keras.Share(layers.Dense{Units: 4})
	p := keras.Apply(layers.Dense{Units: 4}, b)
	q := keras.Apply(layers.Dense{Units: 4}, a)
	s := keras.Apply(layers.Add{}, q, p)
	r := d.Call(s)
	u := d.Call(q)
	m := keras.NewModel(keras.List(b, a, c), keras.List(u, keras.Apply(layers.Concatenate{}, r, p)))
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	want := []string{"input_layer", "input_layer_1", "dense_2", "dense_1", "add", "dense", "input_layer_2", "concatenate"}
	if diff := cmp.Diff(want, names(m.Layers())); diff != "" {
		t.Errorf("layers (-Keras +got):\n%s", diff)
	}
	// Inputs are fed in the order in which they were given: b, a, c.
	out, err := m.PredictAll([]*tensor.Tensor{tensor.New(tensor.Float32, 5, 3), tensor.New(tensor.Float32, 5, 3), tensor.New(tensor.Float32, 5, 2)}, keras.Predict{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	if !out[0].Shape().Equal(tensor.Shape{5, 4}) || !out[1].Shape().Equal(tensor.Shape{5, 8}) {
		t.Errorf("shapes %v and %v", out[0].Shape(), out[1].Shape())
	}
}

// TestNames numbers layers without a name by class, for each model anew.
func TestNames(t *testing.T) {
	for range 2 {
		m := keras.NewSequential(
			layers.Conv2D{Filters: 2, KernelSize: [2]int{3, 3}, InputShape: []int{8, 8, 1}},
			layers.ReLU{}, layers.Conv2D{Filters: 2, KernelSize: [2]int{3, 3}}, layers.LeakyReLU{}, layers.Conv2D{Filters: 2, KernelSize: [2]int{1, 1}, Name: "mine"},
			layers.MaxPooling2D{}, layers.Flatten{}, layers.Dense{Units: 2}, layers.Dense{Units: 2}, layers.Dense{Units: 2},
		)
		want := []string{"conv2d", "re_lu", "conv2d_1", "leaky_re_lu", "mine", "max_pooling2d", "flatten", "dense", "dense_1", "dense_2"}
		if diff := cmp.Diff(want, names(m.Layers())); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
	}
}

// TestPop takes layers off, builds, and adds others.
func TestPop(t *testing.T) {
	m := keras.NewSequential(layers.Dense{Units: 4, InputShape: []int{3}}, layers.Dense{Units: 5})
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	first := m.GetWeights()[0]
	if err := m.Pop(); err != nil {
		t.Fatal(err)
	}
	if got := m.OutputShapes()[0]; !got.Equal(tensor.Shape{tensor.Unknown, 4}) {
		t.Errorf("output shape %v after Pop", got)
	}
	m.Add(layers.Dense{Units: 6})
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	w := m.GetWeights()
	if len(w) != 4 || !w[2].Shape().Equal(tensor.Shape{4, 6}) {
		t.Fatalf("weights %v", w)
	}
	if diff := cmp.Diff(first.Float32s(), w[0].Float32s()); diff != "" {
		t.Errorf("Pop changed the first layer's weights:\n%s", diff)
	}
	if m.CountParams() != 3*4+4+4*6+6 {
		t.Errorf("%d parameters", m.CountParams())
	}
}

// TestNamesOfNestedModels: models without names of their own get different ones in the
// file of the model around them, as Keras wants it.
func TestNamesOfNestedModels(t *testing.T) {
	part := func() *keras.Model {
		x := keras.Input(3)
		return keras.NewModel(x, keras.Apply(layers.Dense{Units: 1}, x))
	}
	x := keras.Input(3)
	m := keras.NewModel(x, keras.Apply(layers.Average{}, keras.Apply(part(), x), keras.Apply(part(), x)))
	text, err := m.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Config struct {
			Layers []struct {
				Name   string
				Config struct{ Name string }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"input_layer", "functional", "functional_1", "average"} {
		if l := c.Config.Layers[i]; l.Name != want || l.Config.Name != want {
			t.Errorf("layer %d is %q, inside %q; wanted %q", i, l.Name, l.Config.Name, want)
		}
	}
}
