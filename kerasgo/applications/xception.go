package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Xception is 14 residual blocks of separable convolutions: 23 million weights, for
// images of 299x299.
//
// Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2016.
type Xception Args

func init() { spec.Register[Xception]("keras.applications") }

// PreprocessInput scales pixels to -1…1.
func (Xception) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// Model makes the model.
func (d Xception) Model() (*keras.Model, error) {
	n, err := begin("Xception", Args(d), 299, 71)
	if err != nil {
		return nil, err
	}
	x := n.input
	for i, filters := range []int{32, 64} {
		name := fmt.Sprintf("block1_conv%d", i+1)
		x = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(3), Strides: square(2 - i), UseBias: new(false), Name: name}, x)
		x = keras.Apply(layers.BatchNormalization{Name: name + "_bn"}, x)
		x = activate(x, "relu", name+"_act")
	}
	for i, filters := range []int{128, 256, 728} {
		x = xceptionStage(x, fmt.Sprintf("block%d", i+2), filters, filters, i > 0)
	}
	for i := range 8 {
		name := fmt.Sprintf("block%d", i+5)
		shortcut := x
		for k := range 3 {
			x = activate(x, "relu", fmt.Sprintf("%s_sepconv%d_act", name, k+1))
			x = separable(x, 728, fmt.Sprintf("%s_sepconv%d", name, k+1))
		}
		x = keras.Apply(layers.Add{}, x, shortcut)
	}
	x = xceptionStage(x, "block13", 728, 1024, true)
	for i, filters := range []int{1536, 2048} {
		name := fmt.Sprintf("block14_sepconv%d", i+1)
		x = separable(x, filters, name)
		x = activate(x, "relu", name+"_act")
	}
	x = n.classify(x, "avg_pool", "", "")
	const file = "xception_weights_tf_dim_ordering_tf_kernels"
	return n.end(x, "xception", file+".h5", file+"_notop.h5")
}

// xceptionStage halves the image by max-pooling after two separable convolutions, beside
// a convolution with stride 2.
func xceptionStage(x *keras.Symbol, name string, first, second int, relu bool) *keras.Symbol {
	shortcut := keras.Apply(layers.Conv2D{Filters: second, KernelSize: square(1), Strides: square(2), Padding: "same", UseBias: new(false)}, x)
	shortcut = keras.Apply(layers.BatchNormalization{}, shortcut)
	if relu { // block2's input has passed one already
		x = activate(x, "relu", name+"_sepconv1_act")
	}
	x = separable(x, first, name+"_sepconv1")
	x = activate(x, "relu", name+"_sepconv2_act")
	x = separable(x, second, name+"_sepconv2")
	x = keras.Apply(layers.MaxPooling2D{PoolSize: square(3), Strides: square(2), Padding: "same", Name: name + "_pool"}, x)
	return keras.Apply(layers.Add{}, x, shortcut)
}

// separable convolves each channel, then across channels, and normalizes.
func separable(x *keras.Symbol, filters int, name string) *keras.Symbol {
	x = keras.Apply(layers.SeparableConv2D{Filters: filters, KernelSize: square(3), Padding: "same", UseBias: new(false), Name: name}, x)
	return keras.Apply(layers.BatchNormalization{Name: name + "_bn"}, x)
}

var _ Application = Xception{}
