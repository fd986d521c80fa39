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
		"Convolution2D": "Conv2D", "Convolution1D": "Conv1D", "SeparableConvolution2D": "SeparableConv2D", "DepthwiseConvolution2D": "DepthwiseConv2D",
		"MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D", "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D",
		"GlobalMaxPool1D": "GlobalMaxPooling1D", "GlobalMaxPool2D": "GlobalMaxPooling2D",
		"GlobalAvgPool1D": "GlobalAveragePooling1D", "GlobalAvgPool2D": "GlobalAveragePooling2D", "Input": "InputLayer",
	} {
		if c, ok := spec.Lookup("layer", alias); !ok || c.Name != name {
			t.Errorf("%s is not found as %s", alias, name)
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
