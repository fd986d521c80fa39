package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// DenseNet121 is a network in whose four blocks every layer reads the outputs of all
// layers before it: 8 million weights, for images of 224x224.
//
// Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional
// Networks", 2016.
type DenseNet121 Args

// DenseNet169 is a network like DenseNet121 with 82 layers in its blocks: 14 million weights.
type DenseNet169 Args

// DenseNet201 is a network like DenseNet121 with 98 layers in its blocks: 20 million weights.
type DenseNet201 Args

func init() {
	spec.Register[DenseNet121]("keras.applications")
	spec.Register[DenseNet169]("keras.applications")
	spec.Register[DenseNet201]("keras.applications")
}

// Model makes the model.
func (d DenseNet121) Model() (*keras.Model, error) {
	return denseNet(Args(d), "DenseNet121", "densenet121", 6, 12, 24, 16)
}

// Model makes the model.
func (d DenseNet169) Model() (*keras.Model, error) {
	return denseNet(Args(d), "DenseNet169", "densenet169", 6, 12, 32, 32)
}

// Model makes the model.
func (d DenseNet201) Model() (*keras.Model, error) {
	return denseNet(Args(d), "DenseNet201", "densenet201", 6, 12, 48, 32)
}

// PreprocessInput scales pixels to 0…1 and standardizes them by ImageNet's mean and deviation.
func (DenseNet121) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "torch")
}

// PreprocessInput scales pixels to 0…1 and standardizes them by ImageNet's mean and deviation.
func (DenseNet169) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "torch")
}

// PreprocessInput scales pixels to 0…1 and standardizes them by ImageNet's mean and deviation.
func (DenseNet201) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "torch")
}

// growth is the number of channels that each layer of a block adds.
const growth = 32

// denseNet builds a network with so many layers in each block.
func denseNet(args Args, class, name string, depths ...int) (*keras.Model, error) {
	n, err := begin(class, args, 224, 32)
	if err != nil {
		return nil, err
	}
	x := pad(n.input, 3, "")
	x = keras.Apply(layers.Conv2D{Filters: 64, KernelSize: square(7), Strides: square(2), UseBias: new(false), Name: "conv1_conv"}, x)
	x = resNetNorm(x, "conv1_bn")
	x = activate(x, "relu", "conv1_relu")
	x = pad(x, 1, "")
	x = keras.Apply(layers.MaxPooling2D{PoolSize: square(3), Strides: square(2), Name: "pool1"}, x)
	for i, depth := range depths {
		for k := range depth {
			x = denseLayer(x, fmt.Sprintf("conv%d_block%d", i+2, k+1))
		}
		if i < len(depths)-1 {
			x = transition(x, fmt.Sprintf("pool%d", i+2))
		}
	}
	x = resNetNorm(x, "bn")
	x = activate(x, "relu", "relu")
	x = n.classify(x, "avg_pool", "avg_pool", "max_pool")
	return n.end(x, name, name+"_weights_tf_dim_ordering_tf_kernels.h5", name+"_weights_tf_dim_ordering_tf_kernels_notop.h5")
}

// denseLayer appends the channels that two convolutions make of x to it.
func denseLayer(x *keras.Symbol, name string) *keras.Symbol {
	y := resNetNorm(x, name+"_0_bn")
	y = activate(y, "relu", name+"_0_relu")
	y = keras.Apply(layers.Conv2D{Filters: 4 * growth, KernelSize: square(1), UseBias: new(false), Name: name + "_1_conv"}, y)
	y = resNetNorm(y, name+"_1_bn")
	y = activate(y, "relu", name+"_1_relu")
	y = keras.Apply(layers.Conv2D{Filters: growth, KernelSize: square(3), Padding: "same", UseBias: new(false), Name: name + "_2_conv"}, y)
	return keras.Apply(layers.Concatenate{Axis: new(3), Name: name + "_concat"}, x, y)
}

// transition halves the channels and the image.
func transition(x *keras.Symbol, name string) *keras.Symbol {
	x = resNetNorm(x, name+"_bn")
	x = activate(x, "relu", name+"_relu")
	x = keras.Apply(layers.Conv2D{Filters: channels(x) / 2, KernelSize: square(1), UseBias: new(false), Name: name + "_conv"}, x)
	return keras.Apply(layers.AveragePooling2D{PoolSize: square(2), Strides: square(2), Name: name + "_pool"}, x)
}

var (
	_ Application = DenseNet121{}
	_ Application = DenseNet169{}
	_ Application = DenseNet201{}
)
