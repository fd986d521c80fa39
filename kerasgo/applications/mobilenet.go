package applications

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// MobileNet is 13 pairs of a convolution of each channel and one across channels,
// made for phones: 4 million weights, for images of 224x224.
//
// Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile
// Vision Applications", 2017.
type MobileNet struct {
	InputShape           []int         `keras:"input_shape,shape"`                                                 // height, width and channels of the images, null for what may vary
	Alpha                float64       `keras:"alpha,default=1"`                                                   // factor of all numbers of channels
	DepthMultiplier      int           `keras:"depth_multiplier,default=1,min=1"`                                  // outputs of each channel of the depthwise convolutions
	Dropout              *float64      `keras:"dropout,default=0.001,min=0,max=1"`                                 // rate of the dropout before the classifier
	IncludeTop           *bool         `keras:"include_top,default=true"`                                          // whether the classifier is part of the network
	Weights              string        `keras:"weights"`                                                           // file of weights, or imagenet for the one in Keras's cache; by default they are random
	InputTensor          *keras.Symbol `keras:"-"`                                                                 // what the network reads instead of an input of its own
	Pooling              string        `keras:"pooling,enum=avg|max"`                                              // of the features without a top
	Classes              int           `keras:"classes,default=1000,min=1"`                                        // number of outputs of the top
	ClassifierActivation any           `keras:"classifier_activation,kind=activation,default=softmax,none=linear"` // of the top
	Name                 string        `keras:"name"`                                                              // of the model; by default mobilenet, alpha and the images' height
	Trainable            *bool         `keras:"trainable,default=true"`                                            // false freezes all weights
}

func init() { spec.Register[MobileNet]("keras.applications") }

// args returns the arguments that are not the architecture's own.
func (d MobileNet) args() Args {
	return Args{d.IncludeTop, d.Weights, d.InputTensor, d.InputShape, d.Pooling, d.Classes, d.ClassifierActivation, d.Name, d.Trainable}
}

// PreprocessInput scales pixels to -1…1.
func (MobileNet) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// Model makes the model.
func (d MobileNet) Model() (*keras.Model, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, fmt.Errorf("applications: MobileNet: %w", err)
	}
	n, err := begin("MobileNet", d.args(), mobileSide(d.InputShape, 128, 160, 192, 224), 32)
	if err != nil {
		return nil, err
	}
	if d.Weights == imagenet && (d.DepthMultiplier != 1 || !slices.Contains([]float64{0.25, 0.5, 0.75, 1}, d.Alpha)) {
		return nil, fmt.Errorf("applications: MobileNet: there are imagenet weights for alpha 0.25, 0.5, 0.75 and 1 with depth_multiplier 1, not for %v with %d", d.Alpha, d.DepthMultiplier)
	}
	filters := func(n int) int { return int(float64(n) * d.Alpha) }
	x := keras.Apply(layers.Conv2D{Filters: filters(32), KernelSize: square(3), Strides: square(2), Padding: "same", UseBias: new(false), Name: "conv1"}, n.input)
	x = mobileNorm(x, "conv1")
	before := 64
	for i, c := range []int{64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024} {
		stride := 1
		if c > before { // more channels, fewer pixels
			stride = 2
		}
		before = c
		x = d.separable(x, filters(c), stride, i+1)
	}
	if *n.IncludeTop {
		x = keras.Apply(layers.GlobalAveragePooling2D{KeepDims: true}, x)
		x = keras.Apply(layers.Dropout{Rate: *d.Dropout, Name: "dropout"}, x)
		x = keras.Apply(layers.Conv2D{Filters: n.Classes, KernelSize: square(1), Padding: "same", Name: "conv_preds"}, x)
		x = keras.Apply(layers.Reshape{TargetShape: []int{n.Classes}, Name: "reshape_2"}, x)
		x = activate(x, n.ClassifierActivation, "predictions")
	} else {
		x = n.features(x, "", "")
	}
	rows := dimension(n.InputShape[0])
	file := fmt.Sprintf("mobilenet_%s_%d_tf", map[float64]string{0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1: "1_0"}[d.Alpha], mobileSide(n.InputShape, 128, 160, 192, 224))
	return n.end(x, fmt.Sprintf("mobilenet_%.2f_%s", d.Alpha, rows), file+".h5", file+"_no_top.h5")
}

// separable convolves each channel and then across channels.
func (d MobileNet) separable(x *keras.Symbol, filters, stride, block int) *keras.Symbol {
	padding := "same"
	if stride == 2 {
		padding = "valid"
		x = keras.Apply(layers.ZeroPadding2D{Padding: &[2][2]int{{0, 1}, {0, 1}}, Name: fmt.Sprintf("conv_pad_%d", block)}, x)
	}
	name := fmt.Sprintf("conv_dw_%d", block)
	x = keras.Apply(layers.DepthwiseConv2D{KernelSize: square(3), Strides: square(stride), Padding: padding, DepthMultiplier: d.DepthMultiplier,
		UseBias: new(false), Name: name}, x)
	x = mobileNorm(x, name)
	name = fmt.Sprintf("conv_pw_%d", block)
	x = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), Padding: "same", UseBias: new(false), Name: name}, x)
	return mobileNorm(x, name)
}

// mobileNorm normalizes and bounds a convolution's output to 0…6.
func mobileNorm(x *keras.Symbol, name string) *keras.Symbol {
	x = keras.Apply(layers.BatchNormalization{Name: name + "_bn"}, x)
	return keras.Apply(layers.ReLU{MaxValue: new(6.0), Name: name + "_relu"}, x)
}

// mobileSide returns the side of square images if there are weights for it, else 224.
func mobileSide(shape []int, sides ...int) int {
	if len(shape) == 3 && shape[0] == shape[1] && slices.Contains(sides, shape[0]) {
		return shape[0]
	}
	return 224
}

// dimension writes a length as Python does.
func dimension(n int) string {
	if n == tensor.Unknown {
		return "None"
	}
	return fmt.Sprint(n)
}

var _ Application = MobileNet{}
