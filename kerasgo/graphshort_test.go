package keras

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

const shortGraph = `Functional:
  name: everything
  trainable: false
  inputs:
    text: {shape: [7], dtype: int32}
    start: [4]
    image: [6, 6, 2]
  nodes:
    words: {Embedding: {input_dim: 9, output_dim: 5, trainable: false}, from: text}
    turned: {ops.Transpose: {axes: [0, 2, 1]}}
    pairs: {ops.Matmul: {}, from: [words, turned]}
    half: {ops.Multiply: {}, from: [0.5, image]}
    inner:
      Functional:
        trainable: false
        inputs:
          pair: [6, 6, 2]
        nodes:
          conv: {Conv2D: {filters: 4, kernel_size: [3, 3], trainable: false}}
          flat: {Flatten: {trainable: false}}
        outputs: [conv, flat]
      from: image
    inner_call1: {call: inner, from: half}
    mask: {ops.Greater: {}, from: [pairs, 0.0]}
    row: {ops.GetItem: {}, from: [inner_call1, ["...", ":-1", null, 0]]}
    attention:
      MultiHeadAttention: {num_heads: 2, key_dim: 3, value_dim: 3, trainable: false}
      from: [words, words]
      with: {attention_mask: mask, return_attention_scores: true, use_causal_mask: true}
    state: {Dense: {units: 5, trainable: false}, from: start}
    row_flat: {Flatten: {trainable: false}, from: row}
    lstm: {LSTM: {return_state: true, units: 5, trainable: false}, from: [words, state, state], with: {training: false}}
    seen: {Flatten: {trainable: false}, from: attention}
    table:
      ops.Add: {}
      from:
        - row_flat
        - {array: [[2.5]], dtype: float32}
    all: {Concatenate: {trainable: false}, from: ["inner[1]", "inner_call1[1]", "lstm[2]", seen]}
  outputs: [all, table, "attention[1]"]
`

// everything is a model that needs all of the form.
func everything() *Model {
	text := InputWith(layers.InputLayer{Shape: []int{7}, DType: "int32", Name: "text"})
	start := InputWith(layers.InputLayer{Shape: []int{4}, Name: "start"})
	image := InputWith(layers.InputLayer{Shape: []int{6, 6, 2}, Name: "image"})

	pair := InputWith(layers.InputLayer{Shape: []int{6, 6, 2}, Name: "pair"})
	conv := Apply(layers.Conv2D{Filters: 4, KernelSize: [2]int{3, 3}, Name: "conv"}, pair)
	inner := Share(NewModel(pair, List(conv, Apply(layers.Flatten{Name: "flat"}, conv))).Named("inner"))
	flat := inner.Call(image).siblings()[1]
	again := inner.Call(Op(operations.Multiply{Name: "half"}, 0.5, image)).siblings()

	words := Apply(layers.Embedding{InputDim: 9, OutputDim: 5, Name: "words"}, text)
	state := Apply(layers.Dense{Units: 5, Trainable: new(false), Name: "state"}, start)
	lstm := Share(layers.LSTM{Units: 5, ReturnState: true, Name: "lstm"}).CallWith(Kwargs{"training": false}, words, state, state)
	mask := Op(operations.Greater{Name: "mask"}, Op(operations.Matmul{Name: "pairs"}, words, Op(operations.Transpose{Axes: spec.Ints{0, 2, 1}, Name: "turned"}, words)), 0.0)
	attended := ApplyWith(layers.MultiHeadAttention{NumHeads: 2, KeyDim: 3, Name: "attention"},
		Kwargs{"attention_mask": mask, "use_causal_mask": true, "return_attention_scores": true}, words, words)
	row := Op(operations.GetItem{Name: "row"}, again[0], []any{operations.Ellipsis{}, operations.Range{Stop: new(-1)}, nil, 0})
	table := Op(operations.Add{Name: "table"}, Apply(layers.Flatten{Name: "row_flat"}, row), tensor.From([]float32{2.5}, 1, 1))
	all := Apply(layers.Concatenate{Name: "all"}, flat, again[1], lstm[2], Apply(layers.Flatten{Name: "seen"}, attended[0]))
	m := NewModel(List(text, start, image), List(all, table, attended[1])).Named("everything")
	m.SetTrainable(false)
	return m
}

func TestShortGraph(t *testing.T) {
	m := everything()
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	yaml := sameInYAML(t, m)
	if d := cmp.Diff(shortGraph, yaml); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
