package workloads

import (
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// resNet is the network of 20 layers for CIFAR-10 of He et al. (2015), with projections where the size changes.
var resNet = Workload{
	Name: "resnet20", Title: "ResNet-20, 32×32×3", Batch: 64, Batches: 24,
	Loss: "categorical_crossentropy", Metrics: []string{"accuracy"},
	Model: func() (*keras.Model, error) { return ResNet(32, 3) },
	Data:  blobs(32, 32, 3),
}

// ResNet returns a residual network of 6·blocks+2 layers for square images of the given size.
func ResNet(size, blocks int) (*keras.Model, error) {
	in := keras.Input(size, size, 3)
	x := relu(convNorm(in, 16, 3, 1))
	for stage, filters := range []int{16, 32, 64} {
		for block := range blocks {
			stride, shortcut := 1, x
			if stage > 0 && block == 0 {
				stride = 2
				shortcut = convNorm(x, filters, 1, 2)
			}
			y := relu(convNorm(x, filters, 3, stride))
			y = convNorm(y, filters, 3, 1)
			x = relu(keras.Apply(layers.Add{}, y, shortcut))
		}
	}
	x = keras.Apply(layers.GlobalAveragePooling2D{}, x)
	x = keras.Apply(layers.Dense{Units: 10, Activation: "softmax"}, x)
	return built(keras.NewModel(in, x))
}

// convNorm is a convolution, "same" padded and without bias, and its normalization.
func convNorm(x *keras.Symbol, filters, kernel, stride int) *keras.Symbol {
	x = keras.Apply(layers.Conv2D{
		Filters: filters, KernelSize: [2]int{kernel, kernel}, Strides: [2]int{stride, stride}, Padding: "same", UseBias: new(false), KernelInitializer: "he_normal",
	}, x)
	return keras.Apply(layers.BatchNormalization{}, x)
}

func relu(x *keras.Symbol) *keras.Symbol {
	return keras.Apply(layers.Activation{Activation: "relu"}, x)
}
