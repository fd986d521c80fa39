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

// EfficientNetB0 is 16 inverted residual blocks with attention to channels, found by a
// search: 5 million weights, for images of 224x224 with pixels from 0 to 255. With the
// weights imagenet it gets one more Rescaling layer, as in Keras.
//
// Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
// Networks", 2019.
type EfficientNetB0 Args

// EfficientNetB1 is EfficientNetB0, 1.1 times as deep: 8 million weights, for images of 240x240.
type EfficientNetB1 Args

// EfficientNetB2 is EfficientNetB0, 1.1 times as wide and 1.2 as deep: 9 million weights, for images of 260x260.
type EfficientNetB2 Args

// EfficientNetB3 is EfficientNetB0, 1.2 times as wide and 1.4 as deep: 12 million weights, for images of 300x300.
type EfficientNetB3 Args

// EfficientNetB4 is EfficientNetB0, 1.4 times as wide and 1.8 as deep: 19 million weights, for images of 380x380.
type EfficientNetB4 Args

// EfficientNetB5 is EfficientNetB0, 1.6 times as wide and 2.2 as deep: 31 million weights, for images of 456x456.
type EfficientNetB5 Args

// EfficientNetB6 is EfficientNetB0, 1.8 times as wide and 2.6 as deep: 43 million weights, for images of 528x528.
type EfficientNetB6 Args

// EfficientNetB7 is EfficientNetB0, 2 times as wide and 3.1 as deep: 67 million weights, for images of 600x600.
type EfficientNetB7 Args

func init() {
	spec.Register[EfficientNetB0]("keras.applications")
	spec.Register[EfficientNetB1]("keras.applications")
	spec.Register[EfficientNetB2]("keras.applications")
	spec.Register[EfficientNetB3]("keras.applications")
	spec.Register[EfficientNetB4]("keras.applications")
	spec.Register[EfficientNetB5]("keras.applications")
	spec.Register[EfficientNetB6]("keras.applications")
	spec.Register[EfficientNetB7]("keras.applications")
}

// Model makes the model.
func (d EfficientNetB0) Model() (*keras.Model, error) {
	return efficientNet{1, 1, 224, 0.2}.model(Args(d), "B0")
}

// Model makes the model.
func (d EfficientNetB1) Model() (*keras.Model, error) {
	return efficientNet{1, 1.1, 240, 0.2}.model(Args(d), "B1")
}

// Model makes the model.
func (d EfficientNetB2) Model() (*keras.Model, error) {
	return efficientNet{1.1, 1.2, 260, 0.3}.model(Args(d), "B2")
}

// Model makes the model.
func (d EfficientNetB3) Model() (*keras.Model, error) {
	return efficientNet{1.2, 1.4, 300, 0.3}.model(Args(d), "B3")
}

// Model makes the model.
func (d EfficientNetB4) Model() (*keras.Model, error) {
	return efficientNet{1.4, 1.8, 380, 0.4}.model(Args(d), "B4")
}

// Model makes the model.
func (d EfficientNetB5) Model() (*keras.Model, error) {
	return efficientNet{1.6, 2.2, 456, 0.4}.model(Args(d), "B5")
}

// Model makes the model.
func (d EfficientNetB6) Model() (*keras.Model, error) {
	return efficientNet{1.8, 2.6, 528, 0.5}.model(Args(d), "B6")
}

// Model makes the model.
func (d EfficientNetB7) Model() (*keras.Model, error) {
	return efficientNet{2, 3.1, 600, 0.5}.model(Args(d), "B7")
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB0) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB1) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB3) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB4) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB5) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB6) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// PreprocessInput returns the images as they are: the network scales them.
func (EfficientNetB7) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return unchanged(images)
}

// efficientNet is one size of the network.
type efficientNet struct {
	width, depth float64 // factors of the numbers of channels and blocks
	side         int     // of the images
	dropout      float64 // before the classifier
}

// efficientNetStages are the stages of EfficientNetB0; expand is how many times a block
// widens its input.
var efficientNetStages = []struct{ window, blocks, in, out, expand, stride int }{
	{3, 1, 32, 16, 1, 1}, {3, 2, 16, 24, 6, 2}, {5, 2, 24, 40, 6, 2}, {3, 3, 40, 80, 6, 2},
	{5, 3, 80, 112, 6, 1}, {5, 4, 112, 192, 6, 2}, {3, 1, 192, 320, 6, 1},
}

// Starting values of EfficientNet's kernels.
var (
	efficientNetConv  = initializers.VarianceScaling{Scale: new(2.0), Mode: "fan_out", Distribution: "truncated_normal"}
	efficientNetDense = initializers.VarianceScaling{Scale: new(1.0 / 3), Mode: "fan_out", Distribution: "uniform"}
)

// dropConnect is how often the last block is left out in training; the ones before it in
// proportion to their number.
const dropConnect = 0.2

func (d efficientNet) filters(n int) int { return roundChannels(float64(n) * d.width) }

func (d efficientNet) blocks(n int) int { return int(math.Ceil(d.depth * float64(n))) }

func (d efficientNet) model(args Args, size string) (*keras.Model, error) {
	n, err := begin("EfficientNet"+size, args, d.side, 32)
	if err != nil {
		return nil, err
	}
	x := keras.Apply(layers.Rescaling{Scale: 1.0 / 255}, n.input)
	x = keras.Apply(layers.Normalization{Axis: []int{3}}, x)
	if n.Weights == imagenet {
		var scale []float64
		for _, deviation := range imagenetDeviation { // the weights were trained with a slip: the root of the deviation
			scale = append(scale, 1/math.Sqrt(deviation))
		}
		x = keras.Apply(layers.Rescaling{Scale: scale}, x)
	}
	x = padForStride2(x, 3, "stem_conv_pad")
	x = keras.Apply(layers.Conv2D{Filters: d.filters(32), KernelSize: square(3), Strides: square(2), UseBias: new(false),
		KernelInitializer: efficientNetConv, Name: "stem_conv"}, x)
	x = efficientNetNorm(x, "stem_", "bn", "activation")
	all := 0
	for _, s := range efficientNetStages {
		all += d.blocks(s.blocks)
	}
	done := 0
	for i, s := range efficientNetStages {
		in := d.filters(s.in)
		for k := range d.blocks(s.blocks) {
			b := mbConv{window: s.window, in: in, out: d.filters(s.out), expand: s.expand, stride: s.stride, squeeze: 0.25,
				drop: dropConnect * float64(done) / float64(all), name: fmt.Sprintf("block%d%c_", i+1, 'a'+k)}
			if k > 0 {
				b.stride, b.in = 1, b.out
			}
			x = b.apply(x)
			done++
		}
	}
	x = keras.Apply(layers.Conv2D{Filters: d.filters(1280), KernelSize: square(1), Padding: "same", UseBias: new(false),
		KernelInitializer: efficientNetConv, Name: "top_conv"}, x)
	x = efficientNetNorm(x, "top_", "bn", "activation")
	if *n.IncludeTop {
		x = keras.Apply(layers.GlobalAveragePooling2D{Name: "avg_pool"}, x)
		x = keras.Apply(layers.Dropout{Rate: d.dropout, Name: "top_dropout"}, x)
		x = keras.Apply(layers.Dense{Units: n.Classes, Activation: n.ClassifierActivation, KernelInitializer: efficientNetDense, Name: "predictions"}, x)
	} else {
		x = n.features(x, "avg_pool", "max_pool")
	}
	name := "efficientnet" + strings.ToLower(size)
	return n.end(x, name, name+".h5", name+"_notop.h5")
}

// efficientNetNorm normalizes and applies swish.
func efficientNetNorm(x *keras.Symbol, prefix, norm, activation string) *keras.Symbol {
	x = keras.Apply(layers.BatchNormalization{Axis: new(3), Name: prefix + norm}, x)
	return activate(x, "swish", prefix+activation)
}

// mbConv is an inverted residual block with attention to channels.
type mbConv struct {
	window, in, out, expand, stride int
	squeeze                         float64 // channels of the attention's narrow layer, as a part of in; 0 for no attention
	drop                            float64 // how often the block is left out in training
	name                            string
}

func (b mbConv) apply(input *keras.Symbol) *keras.Symbol {
	x := input
	if b.expand != 1 {
		x = keras.Apply(layers.Conv2D{Filters: b.in * b.expand, KernelSize: square(1), Padding: "same", UseBias: new(false),
			KernelInitializer: efficientNetConv, Name: b.name + "expand_conv"}, x)
		x = efficientNetNorm(x, b.name, "expand_bn", "expand_activation")
	}
	padding := "same"
	if b.stride == 2 {
		padding = "valid"
		x = padForStride2(x, b.window, b.name+"dwconv_pad")
	}
	x = keras.Apply(layers.DepthwiseConv2D{KernelSize: square(b.window), Strides: square(b.stride), Padding: padding, UseBias: new(false),
		DepthwiseInitializer: efficientNetConv, Name: b.name + "dwconv"}, x)
	x = efficientNetNorm(x, b.name, "bn", "activation")
	x = squeezeExcite(x, int(float64(b.in)*b.squeeze), b.name)
	x = keras.Apply(layers.Conv2D{Filters: b.out, KernelSize: square(1), Padding: "same", UseBias: new(false),
		KernelInitializer: efficientNetConv, Name: b.name + "project_conv"}, x)
	x = keras.Apply(layers.BatchNormalization{Axis: new(3), Name: b.name + "project_bn"}, x)
	return skip(input, x, b.in == b.out && b.stride == 1, b.drop, b.name)
}

// squeezeExcite multiplies each channel by a number between 0 and 1 that follows from
// the averages of all channels by way of a layer of narrow ones.
func squeezeExcite(x *keras.Symbol, narrow int, name string) *keras.Symbol {
	c := channels(x)
	s := keras.Apply(layers.GlobalAveragePooling2D{Name: name + "se_squeeze"}, x)
	s = keras.Apply(layers.Reshape{TargetShape: []int{1, 1, c}, Name: name + "se_reshape"}, s)
	s = keras.Apply(layers.Conv2D{Filters: max(1, narrow), KernelSize: square(1), Padding: "same", Activation: "swish",
		KernelInitializer: efficientNetConv, Name: name + "se_reduce"}, s)
	s = keras.Apply(layers.Conv2D{Filters: c, KernelSize: square(1), Padding: "same", Activation: "sigmoid",
		KernelInitializer: efficientNetConv, Name: name + "se_expand"}, s)
	return keras.Apply(layers.Multiply{Name: name + "se_excite"}, x, s)
}

// skip adds a block's input to its output where the shapes allow it; in training whole
// samples' outputs are dropped at a rate.
func skip(input, x *keras.Symbol, possible bool, rate float64, name string) *keras.Symbol {
	if !possible {
		return x
	}
	if rate > 0 {
		x = keras.Apply(layers.Dropout{Rate: rate, NoiseShape: []int{-1, 1, 1, 1}, Name: name + "drop"}, x)
	}
	return keras.Apply(layers.Add{Name: name + "add"}, x, input)
}

var (
	_ Application = EfficientNetB0{}
	_ Application = EfficientNetB1{}
	_ Application = EfficientNetB2{}
	_ Application = EfficientNetB3{}
	_ Application = EfficientNetB4{}
	_ Application = EfficientNetB5{}
	_ Application = EfficientNetB6{}
	_ Application = EfficientNetB7{}
)
