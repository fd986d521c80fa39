package oracle_test

import (
	"fmt"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// The kernels of STFTSpectrogram start at Keras's values.
func TestSTFTKernels(t *testing.T) {
	compared := 0
	for i, c := range load[layerCase](t, "audio.json.gz") {
		if c.Class != "STFTSpectrogram" {
			continue
		}
		b := layers.NewBuilder(graph.New())
		decode(t, c.Object, "layer").(layers.Layer).Build(b, c.Inputs[0].shape())
		for k, w := range b.Weights {
			got, err := w.Initializer.(initializers.Initializer).Initialize(w.Shape, rng.New(1, 2))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, fmt.Sprintf("case %d: %s", i, w.Name), got, c.Weights[k].Value, 2e-6)
			compared++
		}
	}
	if compared < 30 {
		t.Errorf("only %d kernels compared", compared)
	}
}
