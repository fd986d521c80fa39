package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// depthwise is a stack of depthwise-separable convolutions as in MobileNet (Howard et al., 2017).
var depthwise = Workload{
	Name: "depthwise", Title: "depthwise-separable stack, 96×96×3", Batch: 32, Batches: 16,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) { return separable(96) },
	Data:  blobs(96, 96, 3),
}

func separable(size int) (*keras.Model, error) {
	in := keras.Input(size, size, 3)
	x := relu(convNorm(in, 32, 3, 2))
	for _, block := range []struct{ filters, stride int }{{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}} {
		x = keras.Apply(layers.DepthwiseConv2D{KernelSize: [2]int{3, 3}, Strides: [2]int{block.stride, block.stride}, Padding: "same", UseBias: new(false)}, x)
		x = relu(keras.Apply(layers.BatchNormalization{}, x))
		x = relu(convNorm(x, block.filters, 1, 1))
	}
	x = keras.Apply(layers.GlobalAveragePooling2D{}, x)
	x = keras.Apply(layers.Dense{Units: 10, Activation: "softmax"}, x)
	return built(keras.NewModel(in, x))
}
