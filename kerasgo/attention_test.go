package keras

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TestAttentionFiles is TestKerasFiles for models with attention: the cases
// attention_… of testdata/exchange/cases.py.
func TestAttentionFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/attention/*.zip")
	if err != nil || len(archives) != 1 {
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

// Arguments by name reach the layer, and the model's file too.
func TestApplyWith(t *testing.T) {
	x, mask := Input(4, 6), InputWith(layers.InputLayer{Shape: []int{4, 4}, DType: "bool"})
	attention := Share(layers.MultiHeadAttention{NumHeads: 2, KeyDim: 3})
	out := attention.CallWith(Kwargs{"attention_mask": mask, "use_causal_mask": true, "return_attention_scores": true, "key": x, "training": false}, x, x)
	if len(out) != 2 || out[1].Shape().String() != "(None, 2, 4, 4)" {
		t.Fatalf("%d outputs", len(out))
	}
	m := NewModel(List(x, mask), List(out[0], out[1], ApplyWith(layers.Attention{}, Kwargs{"use_causal_mask": true}, x, out[0])[0]))
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	a, b := tensor.New(tensor.Float32, 2, 4, 6), tensor.New(tensor.Bool, 2, 4, 4)
	for i := range a.Float32s() {
		a.Float32s()[i] = float32(i%7)/4 - 1
	}
	for i := range b.Size() {
		b.SetFloat64At(i, float64((i+1)%3))
	}
	want := predictAll(t, m, []*tensor.Tensor{a, b})
	for i, p := range want[1].Float32s() { // scores
		if row, col := i/4%4, i%4; col > row && p != 0 {
			t.Fatalf("query %d looks ahead, at place %d", row, col)
		}
	}
	path := filepath.Join(t.TempDir(), "m.keras")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	for i, p := range predictAll(t, load(t, path), []*tensor.Tensor{a, b}) {
		for k, v := range p.Float32s() {
			if v != want[i].Float32s()[k] {
				t.Fatalf("output %d: loaded from its file the model predicts %v, not %v", i, v, want[i].Float32s()[k])
			}
		}
	}
}

func TestApplyWithErrors(t *testing.T) {
	x := Input(4, 6)
	mha := layers.MultiHeadAttention{NumHeads: 2, KeyDim: 3}
	for _, c := range []struct {
		want   string
		layer  any
		kwargs Kwargs
		in     []*Symbol
	}{
		{`"mask" is no tensor that the layer is called with; it takes query, value,`, mha, Kwargs{"mask": x}, []*Symbol{x, x}},
		{`"value" is given twice: by name and as input 1`, mha, Kwargs{"value": x}, []*Symbol{x, x}},
		{`"causal" is no option of the layer's call; it takes return_attention_scores, use_causal_mask, training`, mha, Kwargs{"causal": true}, []*Symbol{x, x}},
		{`"use_causal_mask": a call takes symbols and true or false, not a int`, mha, Kwargs{"use_causal_mask": 1}, []*Symbol{x, x}},
		{`"key" is no tensor that the layer is called with`, layers.Dense{Units: 2}, Kwargs{"key": x}, []*Symbol{x}},
		{`wants a query and a value, got 1 inputs`, mha, nil, []*Symbol{x}},
		{`query_mask: the layer takes the mask that the query carries`, mha, Kwargs{"query_mask": Input(4)}, []*Symbol{x, x}},
		{`value (None, 4, 6) and key (None, 5, 6) differ in more than their last axis`, mha, Kwargs{"key": Input(5, 6)}, []*Symbol{x, x}},
		{`called without an input`, mha, nil, nil},
	} {
		err := ApplyWith(c.layer, c.kwargs, c.in...)[0].err
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}
