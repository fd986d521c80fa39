package keras

import (
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// A layer that does not pass masks on ends them, as in Keras, also when it changes nothing; Dropout, which passes them on, does not.
func TestMaskEnds(t *testing.T) {
	ids := tensor.From([]int32{3, 0, 1, 2, 0, 0}, 2, 3)
	predict := func(mask bool, between layers.Layer) []float32 {
		m := NewSequential()
		m.Add(layers.Embedding{InputDim: 4, OutputDim: 2, MaskZero: mask, EmbeddingsInitializer: "ones", InputShape: []int{3}})
		m.Add(between)
		m.Add(layers.SimpleRNN{Units: 1, KernelInitializer: "ones", RecurrentInitializer: "ones"})
		return predictAll(t, m, []*tensor.Tensor{ids})[0].Float32s()
	}
	for _, row := range []struct {
		name   string
		layer  layers.Layer
		passes bool
	}{
		{"identity Permute", layers.Permute{Dims: []int{1, 2}}, false},
		{"identity Reshape", layers.Reshape{TargetShape: []int{3, 2}}, false},
		{"Dropout", layers.Dropout{Rate: 0.5}, true},
	} {
		with, without := predict(true, row.layer), predict(false, row.layer)
		if got := with[1] != without[1]; got != row.passes {
			t.Errorf("%s: masks pass: %v, want %v (%v with, %v without a mask)", row.name, got, row.passes, with, without)
		}
	}
}
