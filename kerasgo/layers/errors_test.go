package layers_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

func TestShapeErrors(t *testing.T) {
	img, seq := ones(2, 8, 8, 6), ones(2, 5, 3)
	tests := []struct {
		layer any
		in    []*tensor.Tensor
		want  string
	}{
		{layers.MaxPooling2D{PoolSize: [2]int{9, 9}}, list(img), `pool_size (9, 9) does not fit its input (None, 8, 8, 6) with padding "valid"`},
		{layers.AveragePooling1D{PoolSize: 6}, list(seq), `pool_size (6,) does not fit its input (None, 5, 3) with padding "valid"`},
		{layers.Conv2D{Filters: 2, KernelSize: [2]int{9, 1}}, list(img), `kernel_size (9, 1) does not fit its input (None, 8, 8, 6) with padding "valid"`},
		{layers.Conv2D{Filters: 2, KernelSize: [2]int{3, 3}, DilationRate: [2]int{4, 1}}, list(img),
			`kernel_size (3, 3) does not fit its input (None, 8, 8, 6) with padding "valid" and dilation_rate (4, 1)`},
		{layers.Conv1D{Filters: 2, KernelSize: 6}, list(seq), `kernel_size (6,) does not fit its input (None, 5, 3) with padding "valid"`},
		{layers.Conv2D{Filters: 2, KernelSize: [2]int{1, 1}, Groups: 4}, list(img), `groups 4 does not divide the 6 channels of its input (None, 8, 8, 6)`},
		{layers.Conv2D{Filters: 2, KernelSize: [2]int{1, 1}}, list(seq), `input (None, 5, 3) has 3 axes; wanted (batch, height, width, channels)`},
		{layers.Conv2D{Filters: 2, KernelSize: [2]int{1, 1}, DataFormat: "channels_first"}, list(seq), `input (None, 5, 3) has 3 axes; wanted (batch, channels, height, width)`},
		{layers.GlobalMaxPooling1D{}, list(img), `input (None, 8, 8, 6) has 4 axes; wanted (batch, steps, channels)`},
		{layers.Dense{Units: 2}, list(ones(3)), `input (None,) has 1 axes; wanted (batch, ..., features)`},
		{layers.Dense{Units: 2}, list(seq, seq), `wants 1 input, got 2`},
		{layers.Reshape{TargetShape: []int{4, -1}}, list(seq), `target_shape (4, -1) does not fit its input (None, 5, 3): 15 elements for each sample`},
		{layers.Reshape{TargetShape: []int{7}}, list(seq), `target_shape (7,) does not fit its input (None, 5, 3): 15 elements for each sample`},
		{layers.Reshape{TargetShape: []int{-1, -1}}, list(seq), `target_shape (-1, -1) may hold -1 once, and no other negative length`},
		{layers.Permute{Dims: []int{2, 1, 3}}, list(seq), `dims (2, 1, 3) does not fit its input (None, 5, 3)`},
		{layers.Dropout{Rate: 0.5, NoiseShape: []int{-1, 2, 3}}, list(seq), `noise_shape (None, 2, 3) does not fit its input (None, 5, 3)`},
		{layers.BatchNormalization{Axis: new(3)}, list(seq), `input (None, 5, 3) has no axis 3`},
		{layers.LayerNormalization{Axis: []int{1, -4}}, list(seq), `input (None, 5, 3) has no axis -4`},
		{layers.Softmax{Axis: []int{5}}, list(seq), `input (None, 5, 3) has no axis 5`},
		{layers.PReLU{SharedAxes: []int{3}}, list(seq), `input (None, 5, 3) has no axis 3`},
		{layers.Rescaling{Scale: []float64{1, 2}}, list(seq), `scale has 2 numbers, the last axis of its input (None, 5, 3) has 3`},
		{layers.Add{}, list(seq, ones(2, 4, 3)), `inputs of shapes (None, 5, 3) and (None, 4, 3) do not broadcast`},
		{layers.Add{}, list(seq, ones(3, 5, 3)), `inputs (2, 5, 3) and (3, 5, 3) differ in their number of samples`},
		{layers.Subtract{}, list(seq, seq, seq), `wants 2 inputs, got 3`},
		{layers.Concatenate{}, list(seq, ones(2, 4, 3)), `inputs of shapes (None, 5, 3) and (None, 4, 3) differ beside axis -1`},
		{layers.Cropping1D{Cropping: &[2]int{2, 3}}, list(seq), `cropping (2, 3) leaves nothing of its input (None, 5, 3)`},
		{layers.Cropping2D{Cropping: [2][2]int{{1, 1}, {4, 4}}}, list(img), `cropping ((1, 1), (4, 4)) leaves nothing of its input (None, 8, 8, 6)`},
		{layers.GroupNormalization{}, list(img), `groups 32 does not divide the 6 channels of its input (None, 8, 8, 6)`},
		{layers.RMSNormalization{Axis: []int{1}}, list(seq), `axis (1,): only the last axes of its input (None, 5, 3) can be normalized`},
		{layers.RepeatVector{N: 2}, list(seq), `input (None, 5, 3) has 3 axes; wanted (batch, features)`},
		{layers.Dot{Axes: []int{1}}, list(seq, ones(2, 4, 3)), `axes (1,) of inputs (None, 5, 3) and (None, 4, 3) differ in length`},
		{layers.Dot{Axes: []int{1, 3}}, list(seq, seq), `input (None, 5, 3) has no axis 3`},
		{layers.Dot{Axes: []int{1}}, list(seq), `wants 2 inputs, got 1`},
		{layers.InputLayer{Shape: []int{4}}, list(ones(2, 3)), `data of shape (None, 3) does not fit an input of shape (None, 4)`},
	}
	for _, tt := range tests {
		_, err := call{}.run(tt.layer, tt.in...)
		switch {
		case err == nil:
			t.Errorf("%T: no error, want %q", tt.layer, tt.want)
		case err.Error() != tt.want:
			t.Errorf("%T:\n got %s\nwant %s", tt.layer, err, tt.want)
		case !errors.Is(err, graph.ErrShape):
			// A target shape with two -1 is wrong for any input, but found with one.
			t.Errorf("%T: %v is no ErrShape", tt.layer, err)
		}
	}
}

func TestArgumentErrors(t *testing.T) {
	img, seq := ones(2, 8, 8, 6), ones(2, 5, 3)
	tests := []struct {
		layer any
		in    *tensor.Tensor
		want  string
	}{
		{layers.Dense{Units: 2, DType: "int8"}, seq, `dtype "int8" is no policy that layers compute in; use one of float32, float64, mixed_bfloat16, mixed_float16, bfloat16, float16`},
		{layers.Add{DType: "float8"}, seq, `dtype "float8" is no policy that layers compute in; use one of float32, float64, mixed_bfloat16, mixed_float16, bfloat16, float16`},
		{layers.Resizing{Height: 2, Width: 2, CropToAspectRatio: true, PadToAspectRatio: true}, img, `crop_to_aspect_ratio and pad_to_aspect_ratio are both true; only one of them can be`},
		{layers.Conv2D{Filters: 3, KernelSize: [2]int{3, 3}, Groups: 2}, img, `groups 2 does not divide filters 3`},
		{layers.Conv2D{Filters: 3, KernelSize: [2]int{3, 3}, Strides: [2]int{2, 1}, DilationRate: [2]int{1, 2}}, img,
			`strides (2, 1) and dilation_rate (1, 2) can't both be above 1`},
		{layers.GaussianDropout{Rate: 1}, seq, `rate 1 would mean noise of infinite variance`},
		{layers.AlphaDropout{Rate: 1}, seq, `rate 1 would leave nothing to keep the variance of`},
		{layers.GroupNormalization{Axis: new(0)}, seq, `axis 0 is the batch axis`},
		{layers.Conv1DTranspose{Filters: 1, KernelSize: 3, OutputPadding: new(1)}, seq, `output_padding (1,) must be below strides (1,)`},
		{layers.Conv2DTranspose{Filters: 1, KernelSize: [2]int{3, 3}, Strides: [2]int{2, 2}, DilationRate: [2]int{2, 2}}, img,
			`strides (2, 2) and dilation_rate (2, 2) can't both be above 1`},
		{layers.Permute{Dims: []int{1, 3}}, seq, `dims (1, 3) is no permutation of 1 to 2`},
		{layers.Rescaling{Scale: "2"}, seq, `scale wants a number or a list of numbers, got 2`},
		{layers.InputLayer{}, seq, `needs shape or batch_shape`},
		{layers.Softmax{Axis: []int{}}, seq, `axis is empty`},
		{layers.LayerNormalization{Axis: []int{}}, seq, `axis is empty`},
		{layers.Dropout{Rate: 1.5}, seq, `rate 1.5 is outside [0, 1]`},
		{layers.Dense{}, seq, `Dense needs units`},
		{layers.Activation{}, seq, `Activation needs activation`},
		{layers.Conv2D{Filters: 1, KernelSize: [2]int{1, 1}, Padding: "causal"}, img, `padding "causal" is not one of "valid", "same"`},
		{layers.MaxPooling2D{DataFormat: "channels"}, img, `data_format "channels" is not one of "channels_last", "channels_first"`},
	}
	for _, tt := range tests {
		_, err := call{}.run(tt.layer, tt.in)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%T:\n got %v\nwant %s", tt.layer, err, tt.want)
		}
	}
}

// Arguments of Keras that no layer here implements are errors unless they are at
// their default.
func TestIgnoredArguments(t *testing.T) {
	for text, want := range map[string]string{
		`Dense: {units: 3, lora_rank: null, quantization_config: null}`:      "",
		`Dense: {units: 3, lora_rank: 4}`:                                    "lora_rank",
		`Conv2D: {filters: 3, kernel_size: 1, lora_rank: 2}`:                 "lora_rank",
		`BatchNormalization: {renorm: false, synchronized: false}`:           "",
		`BatchNormalization: {renorm_momentum: 0.99, renorm: false}`:         "",
		`BatchNormalization: {synchronized: true}`:                           "synchronized",
		`LayerNormalization: {rms_scaling: true}`:                            "rms_scaling",
		`Embedding: {input_dim: 3, output_dim: 2, weights: [1]}`:             "weights",
		`Embedding: {input_dim: 3, output_dim: 2, lora_alpha: 1}`:            "lora_alpha",
		`InputLayer: {batch_shape: [null, 3], sparse: true}`:                 "sparse",
		`InputLayer: {batch_shape: [null, 3], optional: true}`:               "optional",
		`InputLayer: {batch_shape: [null, 3], ragged: true}`:                 "ragged",
		`InputLayer: {batch_shape: [null, 3], ragged: false, sparse: false}`: "",
	} {
		n, errs := spec.Parse("test", []byte(text))
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		_, errs = spec.Decode(n, "layer")
		switch {
		case want == "" && len(errs) > 0:
			t.Errorf("%s: %v", text, errs)
		case want != "" && !errors.Is(errs.Err(), spec.ErrUnsupported):
			t.Errorf("%s: error %v, want one about %s", text, errs, want)
		}
	}
}

func list(ts ...*tensor.Tensor) []*tensor.Tensor { return ts }

// Layers that hold programs of other frameworks are refused by name, with the reason.
func TestRefused(t *testing.T) {
	for _, name := range []string{"TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"} {
		n, errs := spec.Parse("a.json", []byte(`{"class_name": "`+name+`", "config": {"name": "x"}}`))
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		_, errs = spec.Decode(n, "layer")
		err := errs.Err()
		if err == nil || !errors.Is(err, spec.ErrUnsupported) || !strings.Contains(err.Error(), `layer "`+name+`" is not supported: it calls a `) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
