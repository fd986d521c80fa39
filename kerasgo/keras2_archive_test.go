package keras

import (
	"path/filepath"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// The hard_sigmoid of a .keras file of Keras 2 is that of Keras 2: 0.2·x + 0.5.
func TestKeras2Archive(t *testing.T) {
	m := NewSequential(layers.Activation{Activation: "hard_sigmoid", InputShape: []int{1}})
	config, err := m.config(true)
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]float32{"2.15.0": 0.7, "3.4.1": 1.0/6 + 0.5} {
		path := filepath.Join(t.TempDir(), "m.keras")
		if err := kerasfile.WriteArchive(path, &kerasfile.Model{KerasVersion: version, Config: spec.JSON(config, 0), Weights: m.weightGroups()}); err != nil {
			t.Fatal(err)
		}
		got := predictAll(t, load(t, path), []*tensor.Tensor{tensor.From([]float32{1}, 1, 1)})[0].Float32s()[0]
		if d := got - want; d > 1e-6 || d < -1e-6 {
			t.Errorf("Keras %s: hard_sigmoid(1) is %v, want %v", version, got, want)
		}
	}
}

// What Keras 2 writes though it decides nothing does not keep layers from loading.
func TestKeras2IdleArguments(t *testing.T) {
	for _, row := range []struct{ class, config string }{
		{"ConvLSTM1D", `"filters": 1, "kernel_size": [1], "time_major": false`},
		{"ConvLSTM2D", `"filters": 1, "kernel_size": [1, 1], "time_major": false`},
		{"ConvLSTM3D", `"filters": 1, "kernel_size": [1, 1, 1], "time_major": false`},
		{"Conv3DTranspose", `"filters": 1, "kernel_size": [1, 1, 1], "groups": 1`},
		{"SeparableConv1D", `"filters": 1, "kernel_size": [1], "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}}, "kernel_regularizer": null, "kernel_constraint": null`},
		{"SeparableConv2D", `"filters": 1, "kernel_size": [1, 1], "kernel_initializer": "zeros", "kernel_regularizer": null, "kernel_constraint": null`},
		{"SpatialDropout2D", `"rate": 0.5, "noise_shape": null`},
		{"RandomFlip", `"mode": "horizontal", "seed": null, "rng_type": "stateful"`},
		{"MultiHeadAttention", `"num_heads": 1, "key_dim": 2, "query_shape": [null, 2, 3], "key_shape": null, "value_shape": [null, 2, 3], "softmax_robust_masking": false`},
	} {
		if _, err := FromJSON(`{"class_name": "Sequential", "keras_version": "2.15.0", "config": {"name": "m", "layers": [{"class_name": "` + row.class + `", "config": {` + row.config + `}}]}}`); err != nil {
			t.Error(err)
		}
	}
}
