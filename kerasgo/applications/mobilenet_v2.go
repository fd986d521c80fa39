package applications

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// MobileNetV2 is 17 blocks that widen their input, convolve each channel, narrow the
// result and add the input to it: 3.5 million weights, for images of 224x224.
//
// Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: Inverted Residuals and
// Linear Bottlenecks", 2018.
type MobileNetV2 struct {
	InputShape           []int         `keras:"input_shape,shape"`                                                 // height, width and channels of the images, null for what may vary
	Alpha                float64       `keras:"alpha,default=1,min=0"`                                             // factor of all numbers of channels
	IncludeTop           *bool         `keras:"include_top,default=true"`                                          // whether the classifier is part of the network
	Weights              string        `keras:"weights"`                                                           // file of weights, or imagenet for the one in Keras's cache; by default they are random
	InputTensor          *keras.Symbol `keras:"-"`                                                                 // what the network reads instead of an input of its own
	Pooling              string        `keras:"pooling,enum=avg|max"`                                              // of the features without a top
	Classes              int           `keras:"classes,default=1000,min=1"`                                        // number of outputs of the top
	ClassifierActivation any           `keras:"classifier_activation,kind=activation,default=softmax,none=linear"` // of the top
	Name                 string        `keras:"name"`                                                              // of the model; by default mobilenetv2, alpha and the images' height
	Trainable            *bool         `keras:"trainable,default=true"`                                            // false freezes all weights
}

func init() { spec.Register[MobileNetV2]("keras.applications") }

// args returns the arguments that are not the architecture's own.
func (d MobileNetV2) args() Args {
	return Args{d.IncludeTop, d.Weights, d.InputTensor, d.InputShape, d.Pooling, d.Classes, d.ClassifierActivation, d.Name, d.Trainable}
}

// PreprocessInput scales pixels to -1…1.
func (MobileNetV2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// mobileNetV2Stages are the blocks: channels before Alpha, stride of the first block,
// number of blocks. All but the first widen their input six times.
var mobileNetV2Stages = []struct{ filters, stride, blocks int }{
	{16, 1, 1}, {24, 2, 2}, {32, 2, 3}, {64, 2, 4}, {96, 1, 3}, {160, 2, 3}, {320, 1, 1},
}

// Model makes the model.
func (d MobileNetV2) Model() (*keras.Model, error) {
	fail := func(err error) (*keras.Model, error) { return nil, fmt.Errorf("applications: MobileNetV2: %w", err) }
	d, err := spec.Complete(d)
	if err != nil {
		return fail(err)
	}
	given := d.InputShape
	if d.InputTensor != nil && len(d.InputTensor.Shape()) == 4 {
		shape := d.InputTensor.Shape()
		if given == nil {
			given = shape[1:]
		} else if len(given) == 3 && given[1] != shape[2] {
			return fail(fmt.Errorf("input_tensor's width %d is not that of input_shape, %d", shape[2], given[1]))
		}
	}
	sides := []int{96, 128, 160, 192, 224}
	n, err := begin("MobileNetV2", d.args(), mobileSide(given, sides...), 32)
	if err != nil {
		return nil, err
	}
	if d.Weights == imagenet && !slices.Contains([]float64{0.35, 0.5, 0.75, 1, 1.3, 1.4}, d.Alpha) {
		return fail(fmt.Errorf("there are imagenet weights for alpha 0.35, 0.5, 0.75, 1, 1.3 and 1.4, not for %v", d.Alpha))
	}
	x := keras.Apply(layers.Conv2D{Filters: roundChannels(32 * d.Alpha), KernelSize: square(3), Strides: square(2), Padding: "same",
		UseBias: new(false), Name: "Conv1"}, n.input)
	x = mobileNormV2(x, "bn_Conv1")
	x = keras.Apply(layers.ReLU{MaxValue: new(6.0), Name: "Conv1_relu"}, x)
	block := 0
	for _, stage := range mobileNetV2Stages {
		filters := roundChannels(float64(int(float64(stage.filters) * d.Alpha)))
		for k := range stage.blocks {
			stride := 1
			if k == 0 {
				stride = stage.stride
			}
			x = invertedResidual(x, filters, stride, block)
			block++
		}
	}
	last := 1280
	if d.Alpha > 1 {
		last = roundChannels(1280 * d.Alpha)
	}
	x = keras.Apply(layers.Conv2D{Filters: last, KernelSize: square(1), UseBias: new(false), Name: "Conv_1"}, x)
	x = mobileNormV2(x, "Conv_1_bn")
	x = keras.Apply(layers.ReLU{MaxValue: new(6.0), Name: "out_relu"}, x)
	x = n.classify(x, "", "", "")
	file := fmt.Sprintf("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_%s_%d", pythonFloat(d.Alpha), mobileSide(n.InputShape, sides...))
	return n.end(x, fmt.Sprintf("mobilenetv2_%.2f_%s", d.Alpha, dimension(n.InputShape[0])), file+".h5", file+"_no_top.h5")
}

// invertedResidual widens x six times, convolves each channel, narrows the result and
// adds x where the shapes allow it. The first block does not widen.
func invertedResidual(x *keras.Symbol, filters, stride, block int) *keras.Symbol {
	y := x
	name := "expanded_conv_"
	if block > 0 {
		name = fmt.Sprintf("block_%d_", block)
		y = keras.Apply(layers.Conv2D{Filters: 6 * channels(x), KernelSize: square(1), Padding: "same", UseBias: new(false), Name: name + "expand"}, y)
		y = mobileNormV2(y, name+"expand_BN")
		y = keras.Apply(layers.ReLU{MaxValue: new(6.0), Name: name + "expand_relu"}, y)
	}
	padding := "same"
	if stride == 2 {
		padding = "valid"
		y = padForStride2(y, 3, name+"pad")
	}
	y = keras.Apply(layers.DepthwiseConv2D{KernelSize: square(3), Strides: square(stride), Padding: padding, UseBias: new(false), Name: name + "depthwise"}, y)
	y = mobileNormV2(y, name+"depthwise_BN")
	y = keras.Apply(layers.ReLU{MaxValue: new(6.0), Name: name + "depthwise_relu"}, y)
	y = keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), Padding: "same", UseBias: new(false), Name: name + "project"}, y)
	y = mobileNormV2(y, name+"project_BN")
	if channels(x) == filters && stride == 1 {
		return keras.Apply(layers.Add{Name: name + "add"}, x, y)
	}
	return y
}

func mobileNormV2(x *keras.Symbol, name string) *keras.Symbol {
	return keras.Apply(layers.BatchNormalization{Epsilon: new(0.001), Momentum: new(0.999), Name: name}, x)
}

// pythonFloat writes a number as Python does: 1.0.
func pythonFloat(x float64) string {
	if x == float64(int(x)) {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprint(x)
}

var _ Application = MobileNetV2{}
