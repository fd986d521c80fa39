package applications

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/spec"
)

// VGG19 is VGG16 with a fourth convolution in each of the last three blocks: 144
// million weights, for images of 224x224.
//
// Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
// Recognition", 2014.
type VGG19 Args

func init() { spec.Register[VGG19]("keras.applications") }

// Model makes the model.
func (d VGG19) Model() (*keras.Model, error) { return vgg(Args(d), "VGG19", "vgg19", 2, 2, 4, 4, 4) }

// PreprocessInput subtracts ImageNet's mean colour and orders the channels blue, green, red.
func (VGG19) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "caffe")
}

var _ Application = VGG19{}
