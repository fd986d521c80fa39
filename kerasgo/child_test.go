package keras_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/hdf5"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// block is a layer of layers, whose arguments are left out as users leave them out.
type block struct{ Heads int }

func (d block) att() layers.Layer {
	return layers.MultiHeadAttention{NumHeads: d.Heads, KeyDim: 2}
}

func (d block) Build(b *layers.Builder, in ...tensor.Shape) {
	x := b.Child("embedding", layers.Embedding{InputDim: 5, OutputDim: 4, MaskZero: true}, in...)
	y := b.Child("att", d.att(), x, x)
	b.Child("norm", layers.LayerNormalization{}, y)
	b.Weight("scale", tensor.Shape{y.Last()}, "ones", layers.WeightOptions{Regularizer: "l2", Constraint: "non_neg"})
	b.Weight("shift", tensor.Shape{3, y.Last()}, nil, layers.WeightOptions{})
}

func (d block) Call(c *layers.Context, in ...graph.Value) graph.Value {
	x := c.Child("embedding", layers.Embedding{InputDim: 5, OutputDim: 4, MaskZero: true}, in...)
	if !c.Mask(x).OK() {
		c.Errorf("the child's mask is lost")
	}
	y := c.Child("norm", layers.LayerNormalization{}, c.Child("att", d.att(), x, x))
	return ops.Add(ops.Mul(y, c.Weight("scale")), c.Weight("shift"))
}

// badBlock hands on what its field says.
type badBlock struct {
	child       layers.Layer
	init        any
	regularizer any
}

func (d badBlock) Build(b *layers.Builder, in ...tensor.Shape) {
	if d.child != nil {
		b.Child("inner", d.child, in...)
	}
	b.Weight("w", tensor.Shape{1}, d.init, layers.WeightOptions{Regularizer: d.regularizer})
}

func (d badBlock) Call(c *layers.Context, in ...graph.Value) graph.Value { return in[0] }

func TestChildLayers(t *testing.T) {
	m := keras.NewSequential(layers.InputLayer{Shape: []int{3}}, block{Heads: 2})
	if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
		t.Fatal(err)
	}
	x := tensor.From([]float32{1, 2, 0, 4, 0, 0}, 2, 3)
	score, err := m.Evaluate(x, tensor.New(tensor.Float32, 2, 3, 4), keras.Evaluate{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	if penalty := 4 * 0.01; score[0] < penalty { // of scale, which is 1
		t.Errorf("loss %v has no penalty of %v", score[0], penalty)
	}
	path := filepath.Join(t.TempDir(), "m.weights.h5")
	if err := m.SaveWeights(path); err != nil {
		t.Fatal(err)
	}
	f, err := hdf5.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, part := range []string{"query_dense", "key_dense", "value_dense", "output_dense"} { // as the attributes of a Python layer
		if _, err := f.Root().Dataset("layers/block/att/" + part + "/vars/0"); err != nil {
			t.Error(err)
		}
	}
}

func TestChildMistakes(t *testing.T) {
	tests := []struct {
		layer badBlock
		want  string
	}{
		{badBlock{init: "glorot_unifrom"}, `weight w: unknown initializer "glorot_unifrom"`},
		{badBlock{init: 3}, "weight w: a int is no initializer"},
		{badBlock{regularizer: "l3"}, `weight w: unknown regularizer "l3"`},
		{badBlock{regularizer: layers.Dense{Units: 1}}, "weight w: a layers.Dense is no regularizer"},
		{badBlock{child: layers.Dense{Units: -1}}, "(keras_test.badBlock): inner: units wants at least 1, got -1"},
		{badBlock{child: layers.Conv2D{Filters: 1, KernelSize: [2]int{3, 3}}}, "(keras_test.badBlock): inner: input (None, 3) has 2 axes"},
	}
	for _, test := range tests {
		m := keras.NewSequential(layers.InputLayer{Shape: []int{3}}, test.layer)
		err := m.Build()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v; wanted %q", test.layer, err, test.want)
		}
	}
}

// ownBlock is written as a model of one's own and stands for a Python layer.
type ownBlock struct {
	Units int    `keras:"units,default=2"`
	Name  string `keras:"name"`

	Second, First *keras.Layer
}

func init() { spec.Register[ownBlock]("child", spec.OfKind("layer")) }

func (o *ownBlock) Init() {
	o.First = keras.Share(layers.Dense{Units: 3})
	o.Second = keras.Share(layers.Dense{Units: o.Units})
}

func (o *ownBlock) Call(c *keras.Context, in ...graph.Value) graph.Value {
	return c.Call(o.Second, c.Call(o.First, in[0]))
}

// TestLayerOfLayers: a pointer to such a struct is a layer, in files too.
func TestLayerOfLayers(t *testing.T) {
	x := keras.Input(4)
	m := keras.NewModel(x, keras.Apply(&ownBlock{Units: 5}, x))
	path := filepath.Join(t.TempDir(), "m.keras")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	loaded, err := keras.LoadModel(path)
	if err != nil {
		t.Fatal(err)
	}
	data := tensor.From([]float32{1, 2, 3, 4}, 1, 4)
	want, err := m.Predict(data, keras.Predict{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	got, err := loaded.Predict(data, keras.Predict{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Float32s(), got.Float32s()); diff != "" || got.Size() != 5 {
		t.Error(got.Size(), diff)
	}
	weights := filepath.Join(t.TempDir(), "m.weights.h5")
	if err := m.SaveWeights(weights); err != nil {
		t.Fatal(err)
	}
	f, err := hdf5.Open(weights)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, part := range []string{"first", "second"} { // a Python layer, unlike a model, has no attribute "layers"
		if _, err := f.Root().Dataset("layers/own_block/" + part + "/vars/0"); err != nil {
			t.Error(err)
		}
	}
	s := keras.NewSequential()
	s.Add(&ownBlock{})
	if err := s.Build(-1, 4); err != nil || s.CountParams() != 4*3+3+3*2+2 {
		t.Error(err, s.CountParams())
	}
}
