package layers_test

import (
	"reflect"
	"testing"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Every layer has Keras's four common arguments, in this order, at the end of its
// struct, and is a Layer.
func TestCommonFields(t *testing.T) {
	want := []string{"Name", "Trainable", "DType", "InputShape"}
	for _, c := range spec.Classes("layer") {
		if c.Module != "keras.layers" {
			continue
		}
		if !c.Type.Implements(reflect.TypeFor[layers.Layer]()) {
			t.Errorf("%s is no Layer", c.Name)
		}
		if c.Name == "InputLayer" {
			continue // Keras's has neither trainable nor input_shape
		}
		n := c.Type.NumField()
		for i, name := range want {
			if n < len(want) || c.Type.Field(n-len(want)+i).Name != name {
				t.Errorf("%s: the last fields are not %v", c.Name, want)
				break
			}
		}
	}
}

func TestAliases(t *testing.T) {
	for alias, name := range map[string]string{
		"Convolution2D": "Conv2D", "Convolution1D": "Conv1D", "SeparableConvolution2D": "SeparableConv2D", "SeparableConvolution1D": "SeparableConv1D",
		"MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D", "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D",
		"GlobalMaxPool1D": "GlobalMaxPooling1D", "GlobalMaxPool2D": "GlobalMaxPooling2D",
		"GlobalAvgPool1D": "GlobalAveragePooling1D", "GlobalAvgPool2D": "GlobalAveragePooling2D", "Input": "InputLayer",
		"Convolution2DTranspose": "Conv2DTranspose", "Convolution1DTranspose": "Conv1DTranspose",
	} {
		if c, ok := spec.Lookup("layer", alias); !ok || c.Name != name {
			t.Errorf("%s is not found as %s", alias, name)
		}
	}
}

// Files of Keras 2 have arguments that Keras 3 lacks or calls by other names.
func TestOlderFiles(t *testing.T) {
	for _, text := range []string{
		`{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 28, 28], "dtype": "float32", "sparse": false, "ragged": false, "name": "in"}}`,
		`{"class_name": "LeakyReLU", "config": {"name": "l", "trainable": true, "dtype": "float32", "alpha": 0.25}}`,
		`{"class_name": "Embedding", "config": {"name": "e", "trainable": true, "dtype": "float32", "batch_input_shape": [null, 7], "input_dim": 9, "output_dim": 2,
			"embeddings_initializer": {"class_name": "RandomUniform", "config": {"minval": -0.05, "maxval": 0.05, "seed": null}}, "mask_zero": false, "input_length": 7}}`,
		`{"class_name": "DepthwiseConv2D", "config": {"kernel_size": [3, 3], "groups": 1, "depthwise_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}}}}`,
		`{"class_name": "BatchNormalization", "config": {"axis": [3], "momentum": 0.99}}`,
		`{"class_name": "Conv1D", "config": {"filters": 2, "kernel_size": [3], "strides": [1], "dilation_rate": [1], "groups": 1}}`,
	} {
		n, errs := spec.Parse("test", []byte(text))
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		v, errs := spec.Decode(n, "layer")
		if errs.Err() != nil {
			t.Error(errs)
			continue
		}
		switch l := v.(type) {
		case layers.LeakyReLU:
			if *l.NegativeSlope != 0.25 {
				t.Errorf("alpha gives a slope of %v", *l.NegativeSlope)
			}
		case layers.InputLayer:
			if s, err := l.FullShape(); err != nil || s.String() != "(None, 28, 28)" {
				t.Errorf("batch_input_shape gives %v, %v", s, err)
			}
		}
	}
}

func TestInputLayerFullShape(t *testing.T) {
	for _, tt := range []struct {
		in   layers.InputLayer
		want string
	}{
		{layers.InputLayer{Shape: []int{28, 28, 1}}, "(None, 28, 28, 1)"},
		{layers.InputLayer{Shape: []int{}}, "(None,)"},
		{layers.InputLayer{Shape: []int{3}, BatchSize: new(8)}, "(8, 3)"},
		{layers.InputLayer{BatchShape: []int{-1, -1, 3}}, "(None, None, 3)"},
	} {
		if s, err := tt.in.FullShape(); err != nil || s.String() != tt.want {
			t.Errorf("%+v: %v, %v, want %s", tt.in, s, err, tt.want)
		}
	}
	if _, err := (layers.InputLayer{Shape: []int{3}, BatchShape: []int{-1, 3}}).FullShape(); err == nil {
		t.Error("shape and batch_shape together are no error")
	}
}
