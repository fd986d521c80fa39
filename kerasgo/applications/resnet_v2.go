package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// ResNet50V2 is a residual network like ResNet50 in whose blocks normalization and
// relu come before each convolution, so that nothing stands in the way of the
// addition: 26 million weights, for images of 224x224.
//
// He, Zhang, Ren and Sun, "Identity Mappings in Deep Residual Networks", 2016.
type ResNet50V2 Args

// ResNet101V2 is a residual network like ResNet50V2 with 33 blocks: 45 million weights.
type ResNet101V2 Args

// ResNet152V2 is a residual network like ResNet50V2 with 50 blocks: 60 million weights.
type ResNet152V2 Args

func init() {
	spec.Register[ResNet50V2]("keras.applications")
	spec.Register[ResNet101V2]("keras.applications")
	spec.Register[ResNet152V2]("keras.applications")
}

// Model makes the model.
func (d ResNet50V2) Model() (*keras.Model, error) {
	return resNetV2(Args(d), "ResNet50V2", "resnet50v2", 3, 4, 6, 3)
}

// Model makes the model.
func (d ResNet101V2) Model() (*keras.Model, error) {
	return resNetV2(Args(d), "ResNet101V2", "resnet101v2", 3, 4, 23, 3)
}

// Model makes the model.
func (d ResNet152V2) Model() (*keras.Model, error) {
	return resNetV2(Args(d), "ResNet152V2", "resnet152v2", 3, 8, 36, 3)
}

// PreprocessInput scales pixels to -1…1.
func (ResNet50V2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// PreprocessInput scales pixels to -1…1.
func (ResNet101V2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// PreprocessInput scales pixels to -1…1.
func (ResNet152V2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// resNetV2 builds a network with so many blocks in each of its stages conv2 to conv5.
func resNetV2(args Args, class, name string, depths ...int) (*keras.Model, error) {
	n, err := begin(class, args, 224, 32)
	if err != nil {
		return nil, err
	}
	x := pad(n.input, 3, "conv1_pad")
	x = keras.Apply(layers.Conv2D{Filters: 64, KernelSize: square(7), Strides: square(2), Name: "conv1_conv"}, x)
	x = pad(x, 1, "pool1_pad")
	x = keras.Apply(layers.MaxPooling2D{PoolSize: square(3), Strides: square(2), Name: "pool1_pool"}, x)
	for i, depth := range depths {
		for k := range depth {
			stride := 1
			if i < len(depths)-1 && k == depth-1 { // a stage's last block halves the image
				stride = 2
			}
			x = preactivated(x, 64<<i, stride, k == 0, fmt.Sprintf("conv%d_block%d", i+2, k+1))
		}
	}
	x = resNetNorm(x, "post_bn")
	x = activate(x, "relu", "post_relu")
	x = n.classify(x, "avg_pool", "avg_pool", "max_pool")
	return n.end(x, name, name+"_weights_tf_dim_ordering_tf_kernels.h5", name+"_weights_tf_dim_ordering_tf_kernels_notop.h5")
}

// preactivated is a bottleneck block that normalizes first.
func preactivated(x *keras.Symbol, filters, stride int, project bool, name string) *keras.Symbol {
	y := resNetNorm(x, name+"_preact_bn")
	y = activate(y, "relu", name+"_preact_relu")
	shortcut := x
	switch {
	case project:
		shortcut = keras.Apply(layers.Conv2D{Filters: 4 * filters, KernelSize: square(1), Strides: square(stride), Name: name + "_0_conv"}, y)
	case stride > 1:
		shortcut = keras.Apply(layers.MaxPooling2D{PoolSize: square(1), Strides: square(stride)}, x)
	}
	y = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), UseBias: new(false), Name: name + "_1_conv"}, y)
	y = resNetNorm(y, name+"_1_bn")
	y = activate(y, "relu", name+"_1_relu")
	y = pad(y, 1, name+"_2_pad")
	y = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(3), Strides: square(stride), UseBias: new(false), Name: name + "_2_conv"}, y)
	y = resNetNorm(y, name+"_2_bn")
	y = activate(y, "relu", name+"_2_relu")
	y = keras.Apply(layers.Conv2D{Filters: 4 * filters, KernelSize: square(1), Name: name + "_3_conv"}, y)
	return keras.Apply(layers.Add{Name: name + "_out"}, shortcut, y)
}

var (
	_ Application = ResNet50V2{}
	_ Application = ResNet101V2{}
	_ Application = ResNet152V2{}
)
