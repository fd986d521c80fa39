package keras_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/kerasgo"
)

const graphYAML = `
Functional:
  inputs:
    image: [6, 6, 1]
    extra: {shape: [4], dtype: float32}
  nodes:
    conv:  {Conv2D: {filters: 3, kernel_size: 3}, from: image}
    mean:  {ops.Mean: {axis: [1, 2]}}
    again: {call: conv, from: image}
    top:   {GlobalMaxPooling2D: }
    halves: {ops.Split: {indices_or_sections: 2, axis: 1}, from: extra}
    sum:   {ops.Multiply: {}, from: [scaled, 2]}
    scaled: {ops.Subtract: {}, from: [1.5, "halves[1]"]}
    both:  {Concatenate: {}, from: [mean, top, sum]}
    digit: {Dense: {units: 10, activation: softmax}}
  outputs: [digit, "halves[0]"]
`

func TestGraphOfNodes(t *testing.T) {
	m, err := keras.FromYAML(graphYAML)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range m.Layers() {
		names = append(names, l.Name()+" "+l.Class())
	}
	want := "extra InputLayer, image InputLayer, halves Split, conv Conv2D, scaled Subtract, mean Mean, top GlobalMaxPooling2D, sum Multiply, both Concatenate, digit Dense"
	if d := cmp.Diff(strings.Split(want, ", "), names); d != "" {
		t.Error(d)
	}
	if n := len(m.Weights()); n != 4 {
		t.Errorf("%d weights; the convolution that is called twice counts once", n)
	}
	text, err := m.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keras.FromJSON(text); err != nil {
		t.Error(err)
	}
}

// Every mistake has its place, and a suggestion where one is near.
func TestGraphMistakes(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"from: [mean, top, sum]", "from: [mean, topp, sum]", `model.yaml:14:43: there is no node named "topp"`},
		{"[scaled, 2]", "[scaled, both]", "depends on itself"},
		{"extra: {shape", "extra: {shap", "model.yaml:5:13"},
		{"Conv2D: {filters: 3,", "Conv2D: {filter: 3,", "model.yaml:7:"},
		{"ops.Mean:", "ops.Meen:", `unknown op "Meen"`},
		{"from: image}\n    mean", "from: extra}\n    mean", "model.yaml:7:13"},
		{`"halves[0]"]`, `"halves[2]"]`, "has 2 outputs"},
		{"outputs:", "output:", `did you mean "outputs"?`},
		{"call: conv", "call: convv", `did you mean "conv"?`},
		{"digit: {Dense: {units: 10, activation: softmax}}", "digit: {Dense: 10, with: {mask: both}}", `model.yaml:15:13: node "digit": "mask" is no tensor that the layer is called with`},
		{"digit: {Dense: {units: 10, activation: softmax}}", "digit: {Dense: 10, with: both}", "with wants a mapping"},
		{"[1.5, \"halves[1]\"]", "[{array: [1]}, \"halves[1]\"]", "model.yaml:13:39: a constant is {array:"},
		{"outputs: [digit", "order: [image, extra]\n  outputs: [digit", "order lists 2 of the model's 10 layers"},
		{"outputs: [digit", "order: [image, image]\n  outputs: [digit", "model.yaml:16:18: order lists every layer"},
		{"[mean, top, sum]", "[mean, 3]", "numbers and lists are for operations"},
	} {
		_, err := keras.FromYAML(strings.Replace(graphYAML, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, wanted %s", c.new, err, c.want)
		}
	}
}
