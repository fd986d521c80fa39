package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// ResNet50 is a residual network of 16 bottleneck blocks, which add their input to
// what three convolutions make of it: 26 million weights, for images of 224x224.
//
// He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2015.
type ResNet50 Args

// ResNet101 is a residual network like ResNet50 with 33 blocks: 45 million weights.
type ResNet101 Args

// ResNet152 is a residual network like ResNet50 with 50 blocks: 60 million weights.
type ResNet152 Args

func init() {
	spec.Register[ResNet50]("keras.applications")
	spec.Register[ResNet101]("keras.applications")
	spec.Register[ResNet152]("keras.applications")
}

// Model makes the model.
func (d ResNet50) Model() (*keras.Model, error) {
	return resNet(Args(d), "ResNet50", "resnet50", 3, 4, 6, 3)
}

// Model makes the model.
func (d ResNet101) Model() (*keras.Model, error) {
	return resNet(Args(d), "ResNet101", "resnet101", 3, 4, 23, 3)
}

// Model makes the model.
func (d ResNet152) Model() (*keras.Model, error) {
	return resNet(Args(d), "ResNet152", "resnet152", 3, 8, 36, 3)
}

// PreprocessInput subtracts ImageNet's mean colour and orders the channels blue, green, red.
func (ResNet50) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "caffe")
}

// PreprocessInput subtracts ImageNet's mean colour and orders the channels blue, green, red.
func (ResNet101) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "caffe")
}

// PreprocessInput subtracts ImageNet's mean colour and orders the channels blue, green, red.
func (ResNet152) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "caffe")
}

// resNet builds a network with so many blocks in each of its stages conv2 to conv5.
func resNet(args Args, class, name string, depths ...int) (*keras.Model, error) {
	n, err := begin(class, args, 224, 32)
	if err != nil {
		return nil, err
	}
	x := pad(n.input, 3, "conv1_pad")
	x = keras.Apply(layers.Conv2D{Filters: 64, KernelSize: square(7), Strides: square(2), Name: "conv1_conv"}, x)
	x = resNetNorm(x, "conv1_bn")
	x = activate(x, "relu", "conv1_relu")
	x = pad(x, 1, "pool1_pad")
	x = keras.Apply(layers.MaxPooling2D{PoolSize: square(3), Strides: square(2), Name: "pool1_pool"}, x)
	for i, depth := range depths {
		for k := range depth {
			stride := 1
			if i > 0 && k == 0 {
				stride = 2
			}
			x = bottleneck(x, 64<<i, stride, k == 0, fmt.Sprintf("conv%d_block%d", i+2, k+1))
		}
	}
	x = n.classify(x, "avg_pool", "avg_pool", "max_pool")
	return n.end(x, name, name+"_weights_tf_dim_ordering_tf_kernels.h5", name+"_weights_tf_dim_ordering_tf_kernels_notop.h5")
}

// bottleneck adds to x, or to its projection, three convolutions of it, of which the
// middle one has few channels.
func bottleneck(x *keras.Symbol, filters, stride int, project bool, name string) *keras.Symbol {
	shortcut := x
	if project {
		shortcut = keras.Apply(layers.Conv2D{Filters: 4 * filters, KernelSize: square(1), Strides: square(stride), Name: name + "_0_conv"}, x)
		shortcut = resNetNorm(shortcut, name+"_0_bn")
	}
	x = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), Strides: square(stride), Name: name + "_1_conv"}, x)
	x = resNetNorm(x, name+"_1_bn")
	x = activate(x, "relu", name+"_1_relu")
	x = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(3), Padding: "same", Name: name + "_2_conv"}, x)
	x = resNetNorm(x, name+"_2_bn")
	x = activate(x, "relu", name+"_2_relu")
	x = keras.Apply(layers.Conv2D{Filters: 4 * filters, KernelSize: square(1), Name: name + "_3_conv"}, x)
	x = resNetNorm(x, name+"_3_bn")
	x = keras.Apply(layers.Add{Name: name + "_add"}, shortcut, x)
	return activate(x, "relu", name+"_out")
}

func resNetNorm(x *keras.Symbol, name string) *keras.Symbol {
	return keras.Apply(layers.BatchNormalization{Axis: new(3), Epsilon: new(1.001e-5), Name: name}, x)
}

var (
	_ Application = ResNet50{}
	_ Application = ResNet101{}
	_ Application = ResNet152{}
)
