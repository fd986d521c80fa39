package applications

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// MobileNetV3Small is 11 inverted residual blocks, some with attention to channels, found
// by a search: 2.6 million weights, for images of 224x224 with pixels from 0 to 255.
//
// Howard et al., "Searching for MobileNetV3", 2019.
type MobileNetV3Small struct {
	InputShape           []int         `keras:"input_shape,shape"`                                                 // height, width and channels of the images; by default any, with a top too
	Alpha                float64       `keras:"alpha,default=1,min=0"`                                             // factor of all numbers of channels
	Minimalistic         bool          `keras:"minimalistic"`                                                      // without attention, hard_swish and 5x5 windows
	IncludeTop           *bool         `keras:"include_top,default=true"`                                          // whether the classifier is part of the network
	Weights              string        `keras:"weights"`                                                           // file of weights, or imagenet for the one in Keras's cache; by default they are random
	InputTensor          *keras.Symbol `keras:"-"`                                                                 // what the network reads instead of an input of its own
	Classes              int           `keras:"classes,default=1000,min=1"`                                        // number of outputs of the top
	Pooling              string        `keras:"pooling,enum=avg|max"`                                              // of the features without a top
	DropoutRate          *float64      `keras:"dropout_rate,default=0.2,min=0,max=1"`                              // before the classifier
	ClassifierActivation any           `keras:"classifier_activation,kind=activation,default=softmax,none=linear"` // of the top
	IncludePreprocessing *bool         `keras:"include_preprocessing,default=true"`                                // whether the network scales pixels itself
	Name                 string        `keras:"name"`                                                              // of the model
	Trainable            *bool         `keras:"trainable,default=true"`                                            // false freezes all weights
}

// MobileNetV3Large is the large one of MobileNetV3's networks, with 15 blocks: 5.5
// million weights, for images of 224x224 with pixels from 0 to 255.
type MobileNetV3Large MobileNetV3Small

func init() {
	spec.Register[MobileNetV3Small]("keras.applications")
	spec.Register[MobileNetV3Large]("keras.applications")
}

// PreprocessInput returns the images as they are: the network scales them.
func (MobileNetV3Small) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (MobileNetV3Large) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// Model makes the model.
func (d MobileNetV3Small) Model() (*keras.Model, error) {
	return mobileNetV3{class: "MobileNetV3Small", size: "small", last: 1024, blocks: mobileNetV3SmallBlocks}.model(d)
}

// Model makes the model.
func (d MobileNetV3Large) Model() (*keras.Model, error) {
	return mobileNetV3{class: "MobileNetV3Large", size: "large", last: 1280, blocks: mobileNetV3LargeBlocks}.model(MobileNetV3Small(d))
}

// blockV3 is an inverted residual block.
type blockV3 struct {
	expand  float64 // how many times it widens its input
	filters int     // channels of its output, before Alpha
	wide    bool    // 5x5 windows rather than 3x3, unless minimalistic
	stride  int
	squeeze bool // attention to channels, unless minimalistic
	hard    bool // hard_swish rather than relu, unless minimalistic
}

var mobileNetV3SmallBlocks = []blockV3{
	{1, 16, false, 2, true, false}, {72.0 / 16, 24, false, 2, false, false}, {88.0 / 24, 24, false, 1, false, false},
	{4, 40, true, 2, true, true}, {6, 40, true, 1, true, true}, {6, 40, true, 1, true, true},
	{3, 48, true, 1, true, true}, {3, 48, true, 1, true, true},
	{6, 96, true, 2, true, true}, {6, 96, true, 1, true, true}, {6, 96, true, 1, true, true},
}

var mobileNetV3LargeBlocks = []blockV3{
	{1, 16, false, 1, false, false}, {4, 24, false, 2, false, false}, {3, 24, false, 1, false, false},
	{3, 40, true, 2, true, false}, {3, 40, true, 1, true, false}, {3, 40, true, 1, true, false},
	{6, 80, false, 2, false, true}, {2.5, 80, false, 1, false, true}, {2.3, 80, false, 1, false, true}, {2.3, 80, false, 1, false, true},
	{6, 112, false, 1, true, true}, {6, 112, false, 1, true, true},
	{6, 160, true, 2, true, true}, {6, 160, true, 1, true, true}, {6, 160, true, 1, true, true},
}

// mobileNetV3 is one size of the network.
type mobileNetV3 struct {
	class, size  string
	last         int // channels of the layer before the classifier
	blocks       []blockV3
	minimalistic bool
}

func (v mobileNetV3) model(d MobileNetV3Small) (*keras.Model, error) {
	fail := func(err error) (*keras.Model, error) { return nil, fmt.Errorf("applications: %s: %w", v.class, err) }
	d, err := spec.Complete(d)
	if err != nil {
		return fail(err)
	}
	v.minimalistic = d.Minimalistic
	if alphas := map[bool][]float64{true: {1}, false: {0.75, 1}}[d.Minimalistic]; d.Weights == imagenet && !slices.Contains(alphas, d.Alpha) {
		return fail(fmt.Errorf("there are imagenet weights for alpha %v with minimalistic %v, not for %v", alphas, d.Minimalistic, d.Alpha))
	}
	if d.InputTensor != nil && d.InputShape != nil && len(d.InputShape) == 3 && d.InputTensor.Shape()[2] != d.InputShape[1] {
		return fail(fmt.Errorf("input_tensor's width %d is not that of input_shape, %d", d.InputTensor.Shape()[2], d.InputShape[1]))
	}
	args := Args{d.IncludeTop, d.Weights, d.InputTensor, d.InputShape, d.Pooling, d.Classes, d.ClassifierActivation, d.Name, d.Trainable}
	n, err := begin(v.class, args, 0, 32)
	if err != nil {
		return nil, err
	}
	x := n.input
	if *d.IncludePreprocessing {
		x = keras.Apply(layers.Rescaling{Scale: 1 / 127.5, Offset: -1.0}, x)
	}
	x = keras.Apply(layers.Conv2D{Filters: 16, KernelSize: square(3), Strides: square(2), Padding: "same", UseBias: new(false), Name: "conv"}, x)
	x = mobileNormV2(x, "conv_bn")
	x = v.activate(x, true)
	for i, b := range v.blocks {
		x = v.block(x, b, roundChannels(float64(b.filters)*d.Alpha), i)
	}
	last := v.last
	if d.Alpha > 1 {
		last = roundChannels(float64(last) * d.Alpha)
	}
	x = keras.Apply(layers.Conv2D{Filters: roundChannels(6 * float64(channels(x))), KernelSize: square(1), Padding: "same", UseBias: new(false), Name: "conv_1"}, x)
	x = mobileNormV2(x, "conv_1_bn")
	x = v.activate(x, true)
	if *n.IncludeTop {
		x = keras.Apply(layers.GlobalAveragePooling2D{KeepDims: true}, x)
		x = keras.Apply(layers.Conv2D{Filters: last, KernelSize: square(1), Padding: "same", Name: "conv_2"}, x)
		x = v.activate(x, true)
		if *d.DropoutRate > 0 {
			x = keras.Apply(layers.Dropout{Rate: *d.DropoutRate}, x)
		}
		x = keras.Apply(layers.Conv2D{Filters: n.Classes, KernelSize: square(1), Padding: "same", Name: "logits"}, x)
		x = keras.Apply(layers.Flatten{}, x)
		x = activate(x, n.ClassifierActivation, "predictions")
	} else {
		x = n.features(x, "avg_pool", "max_pool")
	}
	file := "weights_mobilenet_v3_" + v.size
	if d.Minimalistic {
		file += "_minimalistic"
	}
	file += "_224_" + pythonFloat(d.Alpha) + "_float"
	return n.end(x, v.class, file+".h5", file+"_no_top_v2.h5")
}

// activate applies hard_swish where the block has it, and relu elsewhere.
func (v mobileNetV3) activate(x *keras.Symbol, hard bool) *keras.Symbol {
	if hard && !v.minimalistic {
		return activate(x, "hard_swish", "")
	}
	return keras.Apply(layers.ReLU{}, x)
}

// block widens x, convolves each channel, weighs channels, narrows the result and adds x
// where the shapes allow it. The first block does not widen.
func (v mobileNetV3) block(x *keras.Symbol, b blockV3, filters, i int) *keras.Symbol {
	shortcut, in := x, channels(x)
	wide := roundChannels(float64(in) * b.expand)
	name := "expanded_conv_"
	if i > 0 {
		name = fmt.Sprintf("expanded_conv_%d_", i)
		x = keras.Apply(layers.Conv2D{Filters: wide, KernelSize: square(1), Padding: "same", UseBias: new(false), Name: name + "expand"}, x)
		x = mobileNormV2(x, name+"expand_bn")
		x = v.activate(x, b.hard)
	}
	window, padding := 3, "same"
	if b.wide && !v.minimalistic {
		window = 5
	}
	if b.stride == 2 {
		padding = "valid"
		x = padForStride2(x, window, name+"depthwise_pad")
	}
	x = keras.Apply(layers.DepthwiseConv2D{KernelSize: square(window), Strides: square(b.stride), Padding: padding, UseBias: new(false), Name: name + "depthwise"}, x)
	x = mobileNormV2(x, name+"depthwise_bn")
	x = v.activate(x, b.hard)
	if b.squeeze && !v.minimalistic {
		x = hardSqueezeExcite(x, wide, name+"squeeze_excite_")
	}
	x = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), Padding: "same", UseBias: new(false), Name: name + "project"}, x)
	x = mobileNormV2(x, name+"project_bn")
	if b.stride == 1 && in == filters {
		x = keras.Apply(layers.Add{Name: name + "add"}, shortcut, x)
	}
	return x
}

// hardSqueezeExcite multiplies each channel by a number between 0 and 1 that follows from
// the averages of all channels, by relu6(x+3)/6 in place of a sigmoid.
func hardSqueezeExcite(x *keras.Symbol, filters int, name string) *keras.Symbol {
	s := keras.Apply(layers.GlobalAveragePooling2D{KeepDims: true, Name: name + "avg_pool"}, x)
	s = keras.Apply(layers.Conv2D{Filters: roundChannels(0.25 * float64(filters)), KernelSize: square(1), Padding: "same", Name: name + "conv"}, s)
	s = keras.Apply(layers.ReLU{Name: name + "relu"}, s)
	s = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), Padding: "same", Name: name + "conv_1"}, s)
	s = keras.Apply(layers.ReLU{MaxValue: new(6.0)}, s.Add(3.0)).Mul(1.0 / 6)
	return keras.Apply(layers.Multiply{Name: name + "mul"}, x, s)
}

var (
	_ Application = MobileNetV3Small{}
	_ Application = MobileNetV3Large{}
)
