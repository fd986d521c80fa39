package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// VGG16 is 13 convolutions in five blocks, each followed by max-pooling, and three
// dense layers: 138 million weights, for images of 224x224.
//
// Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
// Recognition", 2014.
type VGG16 Args

func init() { spec.Register[VGG16]("keras.applications") }

// Model makes the model.
func (d VGG16) Model() (*keras.Model, error) { return vgg(Args(d), "VGG16", "vgg16", 2, 2, 3, 3, 3) }

// PreprocessInput subtracts ImageNet's mean colour and orders the channels blue, green, red.
func (VGG16) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "caffe")
}

// vgg builds a network with so many convolutions in each block.
func vgg(args Args, class, name string, depths ...int) (*keras.Model, error) {
	n, err := begin(class, args, 224, 32)
	if err != nil {
		return nil, err
	}
	x := n.input
	for i, depth := range depths {
		block := fmt.Sprintf("block%d", i+1)
		for k := range depth {
			x = keras.Apply(layers.Conv2D{Filters: min(64<<i, 512), KernelSize: square(3), Padding: "same", Activation: "relu",
				Name: fmt.Sprintf("%s_conv%d", block, k+1)}, x)
		}
		x = keras.Apply(layers.MaxPooling2D{PoolSize: square(2), Strides: square(2), Name: block + "_pool"}, x)
	}
	if *n.IncludeTop {
		x = keras.Apply(layers.Flatten{Name: "flatten"}, x)
		x = keras.Apply(layers.Dense{Units: 4096, Activation: "relu", Name: "fc1"}, x)
		x = keras.Apply(layers.Dense{Units: 4096, Activation: "relu", Name: "fc2"}, x)
		x = keras.Apply(layers.Dense{Units: n.Classes, Activation: n.ClassifierActivation, Name: "predictions"}, x)
	} else {
		x = n.features(x, "", "")
	}
	return n.end(x, name, name+"_weights_tf_dim_ordering_tf_kernels.h5", name+"_weights_tf_dim_ordering_tf_kernels_notop.h5")
}

var _ Application = VGG16{}
