package keras

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TestRecurrentFiles is TestKerasFiles for models with recurrent layers: the cases
// rnn_… of testdata/exchange/cases.py.
func TestRecurrentFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/recurrent/*.zip")
	if err != nil || len(archives) != 2 {
		t.Fatalf("fixtures: %v %v", archives, err)
	}
	for _, archive := range archives {
		version := strings.TrimSuffix(filepath.Base(archive), ".zip")
		t.Run(version, func(t *testing.T) {
			dir := t.TempDir()
			unzip(t, archive, dir)
			testKerasFiles(t, dir, "Keras "+version)
		})
	}
}

// States go from one layer to another, through the model's file too.
func TestApplyMulti(t *testing.T) {
	in := Input(4, 3)
	out := ApplyMulti(layers.LSTM{Units: 5, ReturnState: true}, in)
	if len(out) != 3 || out[2].Shape().String() != "(None, 5)" {
		t.Fatalf("%d outputs", len(out))
	}
	shared := Share(layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnState: true}})
	two := shared.CallMulti(in)
	y := Apply(layers.LSTM{Units: 5}, in, out[1], out[2])
	m := NewModel(in, List(Apply(layers.Concatenate{}, y, two[1], two[2]), out[0]))
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	x := tensor.New(tensor.Float32, 2, 4, 3)
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(i%5) - 2
	}
	want := predictAll(t, m, []*tensor.Tensor{x})
	if d := want[0].Shape().String(); d != "(2, 9)" {
		t.Errorf("predictions of shape %s", d)
	}
	path := filepath.Join(t.TempDir(), "m.keras")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	for i, p := range predictAll(t, load(t, path), []*tensor.Tensor{x}) {
		for k, v := range p.Float32s() {
			if v != want[i].Float32s()[k] {
				t.Fatalf("output %d: loaded from its file the model predicts %v, not %v", i, v, want[i].Float32s()[k])
			}
		}
	}
	bad := ApplyMulti(layers.LSTM{Units: 5, ReturnState: true}, Input(3))
	if m := NewModel(in, Apply(layers.LSTM{Units: 5}, in, bad[1], bad[2])); m.Err() == nil || !strings.Contains(m.Err().Error(), "wanted (batch, steps, features)") {
		t.Errorf("error %v", m.Err())
	}
}
