package keras

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TestCallsFiles is TestKerasFiles for models whose layers are called with more than an
// input: testdata/exchange/cases_calls.py.
func TestCallsFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/calls/*.zip")
	if err != nil || len(archives) != 1 {
		t.Fatalf("fixtures: %v %v", archives, err)
	}
	dir := t.TempDir()
	unzip(t, archives[0], dir)
	testKerasFiles(t, dir, "Keras "+strings.TrimSuffix(filepath.Base(archives[0]), ".zip"))
}

// A mask that a call is given takes the place of the one that came with the input, is
// handed on, and is kept in files of both forms.
func TestMaskArgument(t *testing.T) {
	x, mask := Input(3, 1), InputWith(layers.InputLayer{Shape: []int{3}, DType: "bool"})
	rnn := layers.SimpleRNN{Units: 1, KernelInitializer: "ones", RecurrentInitializer: "ones", Activation: "linear"}
	given := rnn
	given.ReturnSequences = true
	y := ApplyWith(given, Kwargs{"mask": mask}, Apply(layers.Masking{}, x))[0]
	m := NewModel(List(x, mask), List(y, Apply(rnn, y)))
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	in := []*tensor.Tensor{tensor.From([]float32{1, 0, 4}, 1, 3, 1), tensor.From([]bool{true, true, false}, 1, 3)}
	check := func(m *Model) {
		t.Helper()
		out := predictAll(t, m, in) // 1, 1 + 0, and the masked step repeats
		if got := append(append([]float32{}, out[0].Float32s()...), out[1].Float32s()...); got[0] != 1 || got[1] != 1 || got[2] != 1 || got[3] != 2 {
			t.Errorf("got %v, want [1 1 1 2]", got)
		}
	}
	check(m)
	back, err := FromYAML(sameInYAML(t, m))
	if err == nil {
		err = back.Build()
	}
	if err != nil {
		t.Fatal(err)
	}
	check(back)
	path := filepath.Join(t.TempDir(), "m.keras")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	check(load(t, path))
	if err := Apply(layers.Identity{}, ApplyWith(layers.Dense{Units: 1}, Kwargs{"mask": mask}, x)[0]).err; err == nil || !strings.Contains(err.Error(), `"mask" is no tensor`) {
		t.Errorf("Dense with a mask: %v", err)
	}
}

// A model inside TimeDistributed starts from the weights that it has.
func TestModelForEveryStep(t *testing.T) {
	inner := NewSequential(layers.Dense{Units: 2, InputShape: []int{3}}, layers.Dense{Units: 1})
	if err := inner.Build(); err != nil {
		t.Fatal(err)
	}
	m := NewSequential(layers.TimeDistributed{Layer: inner, InputShape: []int{2, 3}})
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	rows := tensor.From([]float32{1, 2, 3, 4, 5, 6}, 2, 3)
	want := predictAll(t, inner, []*tensor.Tensor{rows})[0].Float32s()
	got := predictAll(t, m, []*tensor.Tensor{tensor.From(rows.Float32s(), 1, 2, 3)})[0].Float32s()
	if got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := m.CountParams(); n != inner.CountParams() {
		t.Errorf("%d parameters, the model has %d", n, inner.CountParams())
	}
	a, b := Input(3), Input(3)
	two := NewModel(List(a, b), Apply(layers.Add{}, a, b))
	err := NewSequential(layers.TimeDistributed{Layer: two, InputShape: []int{2, 3}}).Build()
	if err == nil || !strings.Contains(err.Error(), "has 2 inputs and 1 outputs") {
		t.Errorf("a model of two inputs: %v", err)
	}
}

// A model that has weights keeps them when a layer applies it to every step, whatever their names are.
func TestNestedKeepsWeights(t *testing.T) {
	inner := NewSequential()
	inner.Add(layers.InputLayer{Shape: []int{3, 2}})
	inner.Add(layers.SimpleRNN{Units: 2, KernelInitializer: "ones", RecurrentInitializer: "ones", Activation: "linear"})
	x := tensor.From([]float32{1, 2, 3, 4, 5, 6}, 1, 3, 2)
	want := predictAll(t, inner, []*tensor.Tensor{x})[0].Float32s()
	in := Input(1, 3, 2)
	m := NewModel(in, Apply(layers.TimeDistributed{Layer: inner.Nested()}, in))
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	got := predictAll(t, m, []*tensor.Tensor{x.Reshape(1, 1, 3, 2)})[0].Float32s()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
