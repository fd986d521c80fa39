package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// ConvNeXtTiny is 18 blocks of a 7x7 convolution of each channel and two dense layers
// across channels, as transformers have: 29 million weights, for images of 224x224 with
// pixels from 0 to 255.
//
// Liu, Mao, Wu, Feichtenhofer, Darrell and Xie, "A ConvNet for the 2020s", 2022.
type ConvNeXtTiny struct {
	IncludeTop           *bool         `keras:"include_top,default=true"`                                          // whether the classifier is part of the network
	IncludePreprocessing *bool         `keras:"include_preprocessing,default=true"`                                // whether the network standardizes pixels itself
	Weights              string        `keras:"weights"`                                                           // file of weights, or imagenet for the one in Keras's cache; by default they are random
	InputTensor          *keras.Symbol `keras:"-"`                                                                 // what the network reads instead of an input of its own
	InputShape           []int         `keras:"input_shape,shape"`                                                 // height, width and channels of the images, null for what may vary
	Pooling              string        `keras:"pooling,enum=avg|max"`                                              // of the features without a top
	Classes              int           `keras:"classes,default=1000,min=1"`                                        // number of outputs of the top
	ClassifierActivation any           `keras:"classifier_activation,kind=activation,default=softmax,none=linear"` // of the top
	Name                 string        `keras:"name"`                                                              // of the model, with which its layers' names begin
	Trainable            *bool         `keras:"trainable,default=true"`                                            // false freezes all weights
}

// ConvNeXtSmall is ConvNeXtTiny with 36 blocks: 50 million weights.
type ConvNeXtSmall ConvNeXtTiny

// ConvNeXtBase is ConvNeXtSmall, wider: 89 million weights.
type ConvNeXtBase ConvNeXtTiny

// ConvNeXtLarge is ConvNeXtSmall, twice as wide: 198 million weights.
type ConvNeXtLarge ConvNeXtTiny

// ConvNeXtXLarge is ConvNeXtSmall, 2.7 times as wide: 350 million weights.
type ConvNeXtXLarge ConvNeXtTiny

func init() {
	spec.Register[ConvNeXtTiny]("keras.applications")
	spec.Register[ConvNeXtSmall]("keras.applications")
	spec.Register[ConvNeXtBase]("keras.applications")
	spec.Register[ConvNeXtLarge]("keras.applications")
	spec.Register[ConvNeXtXLarge]("keras.applications")
}

// Model makes the model.
func (d ConvNeXtTiny) Model() (*keras.Model, error) {
	return convNeXt(d, "ConvNeXtTiny", "convnext_tiny", 96, 9)
}

// Model makes the model.
func (d ConvNeXtSmall) Model() (*keras.Model, error) {
	return convNeXt(ConvNeXtTiny(d), "ConvNeXtSmall", "convnext_small", 96, 27)
}

// Model makes the model.
func (d ConvNeXtBase) Model() (*keras.Model, error) {
	return convNeXt(ConvNeXtTiny(d), "ConvNeXtBase", "convnext_base", 128, 27)
}

// Model makes the model.
func (d ConvNeXtLarge) Model() (*keras.Model, error) {
	return convNeXt(ConvNeXtTiny(d), "ConvNeXtLarge", "convnext_large", 192, 27)
}

// Model makes the model.
func (d ConvNeXtXLarge) Model() (*keras.Model, error) {
	return convNeXt(ConvNeXtTiny(d), "ConvNeXtXLarge", "convnext_xlarge", 256, 27)
}

// PreprocessInput returns the images as they are: the network standardizes them.
func (ConvNeXtTiny) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network standardizes them.
func (ConvNeXtSmall) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network standardizes them.
func (ConvNeXtBase) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network standardizes them.
func (ConvNeXtLarge) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network standardizes them.
func (ConvNeXtXLarge) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// convNeXtScale is where the learned factors of blocks start.
const convNeXtScale = 1e-6

// convNeXt builds a network of four stages of 3, 3, third and 3 blocks, the first with so
// many channels, each with twice as many as the one before.
func convNeXt(d ConvNeXtTiny, class, name string, width, third int) (*keras.Model, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, fmt.Errorf("applications: %s: %w", class, err)
	}
	n, err := begin(class, Args{d.IncludeTop, d.Weights, d.InputTensor, d.InputShape, d.Pooling, d.Classes, d.ClassifierActivation, d.Name, d.Trainable}, 224, 32)
	if err != nil {
		return nil, err
	}
	file := name
	if d.Name != "" {
		name = d.Name
	}
	x := n.input
	if *d.IncludePreprocessing && n.InputShape[2] == 3 {
		x = convNeXtInput(x, name)
	}
	stem := keras.NewSequential(
		layers.Conv2D{Filters: width, KernelSize: square(4), Strides: square(4), Name: name + "_stem_conv"},
		convNeXtNorm(name+"_stem_layernorm")).Named(name + "_stem")
	steps := []*keras.Model{stem}
	for i := range 3 {
		steps = append(steps, keras.NewSequential(
			convNeXtNorm(fmt.Sprintf("%s_downsampling_layernorm_%d", name, i)),
			layers.Conv2D{Filters: width << (i + 1), KernelSize: square(2), Strides: square(2), Name: fmt.Sprintf("%s_downsampling_conv_%d", name, i)},
		).Named(fmt.Sprintf("%s_downsampling_block_%d", name, i)))
	}
	for i, depth := range []int{3, 3, third, 3} {
		x = keras.Apply(steps[i], x)
		for k := range depth {
			x = convNeXtBlock(x, fmt.Sprintf("%s_stage_%d_block_%d", name, i, k))
		}
	}
	if *n.IncludeTop {
		x = keras.Apply(layers.GlobalAveragePooling2D{Name: name + "_head_gap"}, x)
		x = keras.Apply(convNeXtNorm(name+"_head_layernorm"), x)
		x = keras.Apply(layers.Dense{Units: n.Classes, Activation: n.ClassifierActivation, Name: name + "_head_dense"}, x)
	} else {
		x = n.features(x, "", "")
		x = keras.Apply(convNeXtNorm(""), x)
	}
	return n.end(x, name, file+".h5", file+"_notop.h5")
}

// convNeXtInput standardizes pixels from 0 to 255 by ImageNet's mean and deviation.
func convNeXtInput(x *keras.Symbol, name string) *keras.Symbol {
	var mean, variance []float64
	for i := range imagenetMean {
		deviation := imagenetDeviation[i] * 255
		mean, variance = append(mean, imagenetMean[i]*255), append(variance, deviation*deviation)
	}
	return keras.Apply(layers.Normalization{Mean: mean, Variance: variance, Name: name + "_prestem_normalization"}, x)
}

// convNeXtBlock adds to x a convolution of each channel and two dense layers of it.
func convNeXtBlock(x *keras.Symbol, name string) *keras.Symbol {
	c := channels(x)
	y := keras.Apply(layers.Conv2D{Filters: c, KernelSize: square(7), Padding: "same", Groups: c, Name: name + "_depthwise_conv"}, x)
	y = keras.Apply(convNeXtNorm(name+"_layernorm"), y)
	y = keras.Apply(layers.Dense{Units: 4 * c, Name: name + "_pointwise_conv_1"}, y)
	y = activate(y, "gelu", name+"_gelu")
	y = keras.Apply(layers.Dense{Units: c, Name: name + "_pointwise_conv_2"}, y)
	y = keras.Apply(layers.LayerScale{InitValues: convNeXtScale, ProjectionDim: c, Name: name + "_layer_scale"}, y)
	y = activate(y, "linear", name+"_identity") // in the place of StochasticDepth, which no size has
	return x.Add(y)
}

func convNeXtNorm(name string) layers.LayerNormalization {
	return layers.LayerNormalization{Epsilon: new(1e-6), Name: name}
}

var (
	_ Application = ConvNeXtTiny{}
	_ Application = ConvNeXtSmall{}
	_ Application = ConvNeXtBase{}
	_ Application = ConvNeXtLarge{}
	_ Application = ConvNeXtXLarge{}
)
