package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// NASNetMobile is a stack of cells that a search found, small: 5 million weights, for
// images of 224x224, which InputShape is by default without a top too.
//
// Zoph, Vasudevan, Shlens and Le, "Learning Transferable Architectures for Scalable
// Image Recognition", 2017.
type NASNetMobile Args

// NASNetLarge is the large stack of NASNetMobile's cells: 89 million weights, for images
// of 331x331.
type NASNetLarge Args

func init() {
	spec.Register[NASNetMobile]("keras.applications")
	spec.Register[NASNetLarge]("keras.applications")
}

// Model makes the model.
func (d NASNetMobile) Model() (*keras.Model, error) {
	if d.InputShape == nil {
		d.InputShape = []int{224, 224, 3}
	}
	return nasNet{stem: 32, blocks: 4, filters: 1056 / 24}.model(Args(d), "NASNetMobile", "nasnet_mobile", 224)
}

// Model makes the model.
func (d NASNetLarge) Model() (*keras.Model, error) {
	return nasNet{stem: 96, blocks: 6, filters: 4032 / 24, skipReduction: true}.model(Args(d), "NASNetLarge", "nasnet_large", 331)
}

// PreprocessInput scales pixels to -1…1.
func (NASNetMobile) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// PreprocessInput scales pixels to -1…1.
func (NASNetLarge) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

type nasNet struct {
	stem          int  // channels of the first convolution
	blocks        int  // normal cells in each of the three stages
	filters       int  // channels of a branch in the first stage; they double twice
	skipReduction bool // a stage's first cell reads the cell before the reduction, not its input
}

func (d nasNet) model(args Args, class, name string, side int) (*keras.Model, error) {
	n, err := begin(class, args, side, 32)
	if err != nil {
		return nil, err
	}
	x := keras.Apply(layers.Conv2D{Filters: d.stem, KernelSize: square(3), Strides: square(2), UseBias: new(false), KernelInitializer: "he_normal",
		Name: "stem_conv1"}, n.input)
	x = nasNetNorm(x, "stem_bn1")
	x, before := reductionCell(x, nil, d.filters/4, "stem_1")
	x, before = reductionCell(x, before, d.filters/2, "stem_2")
	for stage := range 3 {
		filters := d.filters << stage
		id := stage * d.blocks
		if stage > 0 {
			var skipped *keras.Symbol
			x, skipped = reductionCell(x, before, filters, fmt.Sprintf("reduce_%d", id))
			if !d.skipReduction {
				before = skipped
			}
			id++
		}
		for k := range d.blocks {
			x, before = normalCell(x, before, filters, fmt.Sprint(id+k))
		}
	}
	x = activate(x, "relu", "")
	x = n.classify(x, "", "", "")
	return n.end(x, name, name+".h5", name+"_no_top.h5")
}

// normalCell combines x and the cell before it, and returns what the next cell reads.
func normalCell(x, before *keras.Symbol, filters int, id string) (out, next *keras.Symbol) {
	p := adjust(before, x, filters, id)
	h := activate(x, "relu", "")
	h = nasNetConv(h, filters, "normal_conv_1_"+id)
	h = nasNetNorm(h, "normal_bn_1_"+id)

	left := nasNetSeparable(h, filters, 5, 1, "normal_left1_"+id)
	right := nasNetSeparable(p, filters, 3, 1, "normal_right1_"+id)
	x1 := nasNetAdd("normal_add_1_"+id, left, right)

	left = nasNetSeparable(p, filters, 5, 1, "normal_left2_"+id)
	right = nasNetSeparable(p, filters, 3, 1, "normal_right2_"+id)
	x2 := nasNetAdd("normal_add_2_"+id, left, right)

	x3 := nasNetAdd("normal_add_3_"+id, nasNetAverage(h, 1, "normal_left3_"+id), p)
	x4 := nasNetAdd("normal_add_4_"+id, nasNetAverage(p, 1, "normal_left4_"+id), nasNetAverage(p, 1, "normal_right4_"+id))
	x5 := nasNetAdd("normal_add_5_"+id, nasNetSeparable(h, filters, 3, 1, "normal_left5_"+id), h)
	return keras.Apply(layers.Concatenate{Axis: new(-1), Name: "normal_concat_" + id}, p, x1, x2, x3, x4, x5), x
}

// reductionCell halves the image.
func reductionCell(x, before *keras.Symbol, filters int, id string) (out, next *keras.Symbol) {
	p := adjust(before, x, filters, id)
	h := activate(x, "relu", "")
	h = nasNetConv(h, filters, "reduction_conv_1_"+id)
	h = nasNetNorm(h, "reduction_bn_1_"+id)
	padded := padForStride2(h, 3, "reduction_pad_1_"+id)

	left := nasNetSeparable(h, filters, 5, 2, "reduction_left1_"+id)
	right := nasNetSeparable(p, filters, 7, 2, "reduction_right1_"+id)
	x1 := nasNetAdd("reduction_add_1_"+id, left, right)

	left = nasNetMax(padded, "reduction_left2_"+id)
	right = nasNetSeparable(p, filters, 7, 2, "reduction_right2_"+id)
	x2 := nasNetAdd("reduction_add_2_"+id, left, right)

	left = nasNetAverage(padded, 2, "reduction_left3_"+id)
	right = nasNetSeparable(p, filters, 5, 2, "reduction_right3_"+id)
	x3 := nasNetAdd("reduction_add3_"+id, left, right)

	x4 := nasNetAdd("", x2, nasNetAverage(x1, 1, "reduction_left4_"+id))

	left = nasNetSeparable(x1, filters, 3, 1, "reduction_left4_"+id)
	right = nasNetMax(padded, "reduction_right5_"+id)
	x5 := nasNetAdd("reduction_add4_"+id, left, right)
	return keras.Apply(layers.Concatenate{Axis: new(-1), Name: "reduction_concat_" + id}, x2, x3, x4, x5), x
}

// adjust brings the output of the cell before to the size and channels of x.
func adjust(before, x *keras.Symbol, filters int, id string) *keras.Symbol {
	switch {
	case before == nil:
		return x
	case before.Shape()[2] != x.Shape()[2]:
		// Two paths read pixels that lie one row and one column apart.
		p := activate(before, "relu", "adjust_relu_1_"+id)
		a := keras.Apply(layers.AveragePooling2D{PoolSize: square(1), Strides: square(2), Name: "adjust_avg_pool_1_" + id}, p)
		a = nasNetConv(a, filters/2, "adjust_conv_1_"+id)
		b := keras.Apply(layers.ZeroPadding2D{Padding: &[2][2]int{{0, 1}, {0, 1}}}, p)
		b = keras.Apply(layers.Cropping2D{Cropping: [2][2]int{{1, 0}, {1, 0}}}, b)
		b = keras.Apply(layers.AveragePooling2D{PoolSize: square(1), Strides: square(2), Name: "adjust_avg_pool_2_" + id}, b)
		b = nasNetConv(b, filters/2, "adjust_conv_2_"+id)
		p = keras.Apply(layers.Concatenate{Axis: new(-1)}, a, b)
		return nasNetNorm(p, "adjust_bn_"+id)
	case channels(before) != filters:
		p := activate(before, "relu", "")
		p = nasNetConv(p, filters, "adjust_conv_projection_"+id)
		return nasNetNorm(p, "adjust_bn_"+id)
	}
	return before
}

// nasNetSeparable is two separable convolutions, the first with the stride.
func nasNetSeparable(x *keras.Symbol, filters, window, stride int, id string) *keras.Symbol {
	x = activate(x, "relu", "")
	padding := "same"
	if stride == 2 {
		padding = "valid"
		x = padForStride2(x, window, "separable_conv_1_pad_"+id)
	}
	x = keras.Apply(layers.SeparableConv2D{Filters: filters, KernelSize: square(window), Strides: square(stride), Padding: padding, UseBias: new(false),
		Name: "separable_conv_1_" + id}, x)
	x = nasNetNorm(x, "separable_conv_1_bn_"+id)
	x = activate(x, "relu", "")
	x = keras.Apply(layers.SeparableConv2D{Filters: filters, KernelSize: square(window), Padding: "same", UseBias: new(false), Name: "separable_conv_2_" + id}, x)
	return nasNetNorm(x, "separable_conv_2_bn_"+id)
}

func nasNetConv(x *keras.Symbol, filters int, name string) *keras.Symbol {
	return keras.Apply(layers.Conv2D{Filters: filters, KernelSize: square(1), Padding: "same", UseBias: new(false), KernelInitializer: "he_normal", Name: name}, x)
}

func nasNetNorm(x *keras.Symbol, name string) *keras.Symbol {
	return keras.Apply(layers.BatchNormalization{Axis: new(-1), Momentum: new(0.9997), Epsilon: new(0.001), Name: name}, x)
}

func nasNetAdd(name string, a, b *keras.Symbol) *keras.Symbol {
	return keras.Apply(layers.Add{Name: name}, a, b)
}

// nasNetAverage averages 3x3 pixels; with stride 2 its input is padded already.
func nasNetAverage(x *keras.Symbol, stride int, name string) *keras.Symbol {
	padding := "same"
	if stride == 2 {
		padding = "valid"
	}
	return keras.Apply(layers.AveragePooling2D{PoolSize: square(3), Strides: square(stride), Padding: padding, Name: name}, x)
}

// nasNetMax takes the largest of 3x3 pixels with stride 2.
func nasNetMax(x *keras.Symbol, name string) *keras.Symbol {
	return keras.Apply(layers.MaxPooling2D{PoolSize: square(3), Strides: square(2), Name: name}, x)
}

var (
	_ Application = NASNetMobile{}
	_ Application = NASNetLarge{}
)
