package applications

import (
	"fmt"
	"math"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// EfficientNetV2B0 is a network like EfficientNetB0 whose first blocks have one full
// convolution in place of two: 7 million weights, for images of 224x224 with pixels from
// 0 to 255.
//
// Tan and Le, "EfficientNetV2: Smaller Models and Faster Training", 2021.
type EfficientNetV2B0 struct {
	IncludeTop           *bool         `keras:"include_top,default=true"`                                          // whether the classifier is part of the network
	Weights              string        `keras:"weights"`                                                           // file of weights, or imagenet for the one in Keras's cache; by default they are random
	InputTensor          *keras.Symbol `keras:"-"`                                                                 // what the network reads instead of an input of its own
	InputShape           []int         `keras:"input_shape,shape"`                                                 // height, width and channels of the images, null for what may vary
	Pooling              string        `keras:"pooling,enum=avg|max"`                                              // of the features without a top
	Classes              int           `keras:"classes,default=1000,min=1"`                                        // number of outputs of the top
	ClassifierActivation any           `keras:"classifier_activation,kind=activation,default=softmax,none=linear"` // of the top
	IncludePreprocessing *bool         `keras:"include_preprocessing,default=true"`                                // whether the network scales pixels itself
	Name                 string        `keras:"name"`                                                              // of the model
	Trainable            *bool         `keras:"trainable,default=true"`                                            // false freezes all weights
}

// EfficientNetV2B1 is EfficientNetV2B0, 1.1 times as deep: 8 million weights, for images of 240x240.
type EfficientNetV2B1 EfficientNetV2B0

// EfficientNetV2B2 is EfficientNetV2B0, 1.1 times as wide and 1.2 as deep: 10 million weights, for images of 260x260.
type EfficientNetV2B2 EfficientNetV2B0

// EfficientNetV2B3 is EfficientNetV2B0, 1.2 times as wide and 1.4 as deep: 15 million weights, for images of 300x300.
type EfficientNetV2B3 EfficientNetV2B0

// EfficientNetV2S is the small one of three networks with stages of their own: 22 million weights, for images of 384x384.
type EfficientNetV2S EfficientNetV2B0

// EfficientNetV2M is the middle one of three networks with stages of their own: 54 million weights, for images of 480x480.
type EfficientNetV2M EfficientNetV2B0

// EfficientNetV2L is the large one of three networks with stages of their own: 119 million weights, for images of 480x480.
type EfficientNetV2L EfficientNetV2B0

func init() {
	spec.Register[EfficientNetV2B0]("keras.applications")
	spec.Register[EfficientNetV2B1]("keras.applications")
	spec.Register[EfficientNetV2B2]("keras.applications")
	spec.Register[EfficientNetV2B3]("keras.applications")
	spec.Register[EfficientNetV2S]("keras.applications")
	spec.Register[EfficientNetV2M]("keras.applications")
	spec.Register[EfficientNetV2L]("keras.applications")
}

// Model makes the model.
func (d EfficientNetV2B0) Model() (*keras.Model, error) {
	return efficientNetV2{1, 1, 224, efficientNetV2B}.model(d, "B0")
}

// Model makes the model.
func (d EfficientNetV2B1) Model() (*keras.Model, error) {
	return efficientNetV2{1, 1.1, 240, efficientNetV2B}.model(EfficientNetV2B0(d), "B1")
}

// Model makes the model.
func (d EfficientNetV2B2) Model() (*keras.Model, error) {
	return efficientNetV2{1.1, 1.2, 260, efficientNetV2B}.model(EfficientNetV2B0(d), "B2")
}

// Model makes the model.
func (d EfficientNetV2B3) Model() (*keras.Model, error) {
	return efficientNetV2{1.2, 1.4, 300, efficientNetV2B}.model(EfficientNetV2B0(d), "B3")
}

// Model makes the model.
func (d EfficientNetV2S) Model() (*keras.Model, error) {
	return efficientNetV2{1, 1, 384, efficientNetV2SStages}.model(EfficientNetV2B0(d), "S")
}

// Model makes the model.
func (d EfficientNetV2M) Model() (*keras.Model, error) {
	return efficientNetV2{1, 1, 480, efficientNetV2MStages}.model(EfficientNetV2B0(d), "M")
}

// Model makes the model.
func (d EfficientNetV2L) Model() (*keras.Model, error) {
	return efficientNetV2{1, 1, 480, efficientNetV2LStages}.model(EfficientNetV2B0(d), "L")
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2B0) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2B1) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2B2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2B3) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2S) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2M) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetV2L) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// efficientNetV2 is one size of the network.
type efficientNetV2 struct {
	width, depth float64 // factors of the numbers of channels and blocks
	side         int     // of the images
	stages       []stageV2
}

// stageV2 is a row of equal blocks; fused ones have a full convolution in place of one
// across channels and one of each channel, and no attention. All windows are 3x3.
type stageV2 struct {
	blocks, in, out, expand, stride int
	fused                           bool
}

var (
	efficientNetV2B = []stageV2{
		{1, 32, 16, 1, 1, true}, {2, 16, 32, 4, 2, true}, {2, 32, 48, 4, 2, true},
		{3, 48, 96, 4, 2, false}, {5, 96, 112, 6, 1, false}, {8, 112, 192, 6, 2, false},
	}
	efficientNetV2SStages = []stageV2{
		{2, 24, 24, 1, 1, true}, {4, 24, 48, 4, 2, true}, {4, 48, 64, 4, 2, true},
		{6, 64, 128, 4, 2, false}, {9, 128, 160, 6, 1, false}, {15, 160, 256, 6, 2, false},
	}
	efficientNetV2MStages = []stageV2{
		{3, 24, 24, 1, 1, true}, {5, 24, 48, 4, 2, true}, {5, 48, 80, 4, 2, true},
		{7, 80, 160, 4, 2, false}, {14, 160, 176, 6, 1, false}, {18, 176, 304, 6, 2, false}, {5, 304, 512, 6, 1, false},
	}
	efficientNetV2LStages = []stageV2{
		{4, 32, 32, 1, 1, true}, {7, 32, 64, 4, 2, true}, {7, 64, 96, 4, 2, true},
		{10, 96, 192, 4, 2, false}, {19, 192, 224, 6, 1, false}, {25, 224, 384, 6, 2, false}, {7, 384, 640, 6, 1, false},
	}
)

// filters rounds a number of channels to a multiple of 8.
func (d efficientNetV2) filters(n int) int { return max(8, int(float64(n)*d.width+4)/8*8) }

func (d efficientNetV2) blocks(n int) int { return int(math.Ceil(d.depth * float64(n))) }

func (d efficientNetV2) model(a EfficientNetV2B0, size string) (*keras.Model, error) {
	class := "EfficientNetV2" + size
	a, err := spec.Complete(a)
	if err != nil {
		return nil, fmt.Errorf("applications: %s: %w", class, err)
	}
	args := Args{a.IncludeTop, a.Weights, a.InputTensor, a.InputShape, a.Pooling, a.Classes, a.ClassifierActivation, a.Name, a.Trainable}
	n, err := begin(class, args, d.side, 32)
	if err != nil {
		return nil, err
	}
	x := n.input
	switch {
	case !*a.IncludePreprocessing:
	case size[0] == 'B' && n.InputShape[2] == 3:
		x = keras.Apply(layers.Rescaling{Scale: 1.0 / 255}, x)
		mean, variance := []float64{}, []float64{}
		for i := range imagenetMean {
			mean, variance = append(mean, imagenetMean[i]), append(variance, imagenetDeviation[i]*imagenetDeviation[i])
		}
		x = keras.Apply(layers.Normalization{Mean: mean, Variance: variance, Axis: []int{3}}, x)
	default:
		x = keras.Apply(layers.Rescaling{Scale: 1.0 / 128, Offset: -1}, x)
	}
	x = keras.Apply(layers.Conv2D{Filters: d.filters(d.stages[0].in), KernelSize: square(3), Strides: square(2), Padding: "same", UseBias: new(false),
		KernelInitializer: efficientNetConv, Name: "stem_conv"}, x)
	x = efficientNetV2Norm(x, "stem_bn")
	x = activate(x, "swish", "stem_activation")
	all := 0 // Keras counts the blocks before they are multiplied
	for _, s := range d.stages {
		all += s.blocks
	}
	done := 0
	for i, s := range d.stages {
		in := d.filters(s.in)
		for k := range d.blocks(s.blocks) {
			b := blockV2{mbConv{window: 3, in: in, out: d.filters(s.out), expand: s.expand, stride: s.stride, squeeze: 0.25,
				drop: dropConnect * float64(done) / float64(all), name: fmt.Sprintf("block%d%c_", i+1, 'a'+k)}}
			if k > 0 {
				b.stride, b.in = 1, b.out
			}
			if s.fused {
				x = b.fused(x)
			} else {
				x = b.apply(x)
			}
			done++
		}
	}
	x = keras.Apply(layers.Conv2D{Filters: d.filters(1280), KernelSize: square(1), Padding: "same", UseBias: new(false),
		KernelInitializer: efficientNetConv, Name: "top_conv"}, x)
	x = efficientNetV2Norm(x, "top_bn")
	x = activate(x, "swish", "top_activation")
	if *n.IncludeTop {
		x = keras.Apply(layers.GlobalAveragePooling2D{Name: "avg_pool"}, x)
		x = keras.Apply(layers.Dropout{Rate: 0.2, Name: "top_dropout"}, x)
		x = keras.Apply(layers.Dense{Units: n.Classes, Activation: n.ClassifierActivation, KernelInitializer: efficientNetDense,
			BiasInitializer: initializers.Constant{Value: 0.0}, Name: "predictions"}, x)
	} else {
		x = n.features(x, "avg_pool", "max_pool")
	}
	name := "efficientnetv2-" + strings.ToLower(size)
	return n.end(x, name, name+".h5", name+"_notop.h5")
}

func efficientNetV2Norm(x *keras.Symbol, name string) *keras.Symbol {
	return keras.Apply(layers.BatchNormalization{Axis: new(3), Momentum: new(0.9), Name: name}, x)
}

// blockV2 is an inverted residual block.
type blockV2 struct{ mbConv }

// conv is a convolution that keeps the image's size but for the stride.
func (b blockV2) conv(x *keras.Symbol, filters, window, stride int, name string) *keras.Symbol {
	return keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(window), Strides: square(stride), Padding: "same", UseBias: new(false),
		KernelInitializer: efficientNetConv, Name: b.name + name}, x)
}

func (b blockV2) apply(input *keras.Symbol) *keras.Symbol {
	x := input
	if b.expand != 1 {
		x = b.conv(x, b.in*b.expand, 1, 1, "expand_conv")
		x = efficientNetV2Norm(x, b.name+"expand_bn")
		x = activate(x, "swish", b.name+"expand_activation")
	}
	x = keras.Apply(layers.DepthwiseConv2D{KernelSize: square(b.window), Strides: square(b.stride), Padding: "same", UseBias: new(false),
		DepthwiseInitializer: efficientNetConv, Name: b.name + "dwconv2"}, x)
	x = efficientNetV2Norm(x, b.name+"bn")
	x = activate(x, "swish", b.name+"activation")
	x = squeezeExcite(x, int(float64(b.in)*b.squeeze), b.name)
	x = b.conv(x, b.out, 1, 1, "project_conv")
	x = efficientNetV2Norm(x, b.name+"project_bn")
	return skip(input, x, b.in == b.out && b.stride == 1, b.drop, b.name)
}

// fused is the block with a full convolution and without attention.
func (b blockV2) fused(input *keras.Symbol) *keras.Symbol {
	x := input
	if b.expand != 1 {
		x = b.conv(x, b.in*b.expand, b.window, b.stride, "expand_conv")
		x = efficientNetV2Norm(x, b.name+"expand_bn")
		x = activate(x, "swish", b.name+"expand_activation")
		x = b.conv(x, b.out, 1, 1, "project_conv")
	} else {
		x = b.conv(x, b.out, b.window, b.stride, "project_conv")
	}
	x = efficientNetV2Norm(x, b.name+"project_bn")
	if b.expand == 1 {
		x = activate(x, "swish", b.name+"project_activation")
	}
	return skip(input, x, b.in == b.out && b.stride == 1, b.drop, b.name)
}

var (
	_ Application = EfficientNetV2B0{}
	_ Application = EfficientNetV2B1{}
	_ Application = EfficientNetV2B2{}
	_ Application = EfficientNetV2B3{}
	_ Application = EfficientNetV2S{}
	_ Application = EfficientNetV2M{}
	_ Application = EfficientNetV2L{}
)
