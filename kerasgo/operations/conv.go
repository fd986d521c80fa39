package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Conv]("nn")
	register[DepthwiseConv]("nn")
	register[SeparableConv]("nn")
	register[ConvTranspose]("nn")
}

// Conv correlates signals (N, T, C) or images (N, H, W, C) with kernels (…, C/groups, Cout).
type Conv struct {
	ofKernel
	Name         string    `keras:"name"`
	Strides      spec.Ints `keras:"strides,default=1"`                     // step of the kernel along each axis
	Padding      string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat   string    `keras:"data_format"`                           // None or channels_last
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o Conv) Call(c *Call) []Value { return o.conv(c) }

// DepthwiseConv correlates every channel with kernels of its own, (…, C, multiplier).
type DepthwiseConv struct {
	ofKernel
	Name         string    `keras:"name"`
	Strides      spec.Ints `keras:"strides,default=1"`                     // step of the kernel along each axis
	Padding      string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat   string    `keras:"data_format"`                           // None or channels_last
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o DepthwiseConv) Call(c *Call) []Value { return o.conv(c) }

// SeparableConv is DepthwiseConv followed by a mixture of the channels.
type SeparableConv struct {
	ofTwoKernels
	Name         string    `keras:"name"`
	Strides      spec.Ints `keras:"strides,default=1"`                     // step of the kernel along each axis
	Padding      string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat   string    `keras:"data_format"`                           // None or channels_last
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o SeparableConv) Call(c *Call) []Value { return o.conv(c) }

type ofKernel struct{}
type ofTwoKernels struct{}

func (ofKernel) Arguments() []string { return []string{"inputs", "kernel"} }

func (ofTwoKernels) Arguments() []string {
	return []string{"inputs", "depthwise_kernel", "pointwise_kernel"}
}

func (o Conv) conv(c *Call) []Value {
	x, k, dtype := c.realPair()
	if !c.ok() {
		return []Value{c.X(0)}
	}
	image, back, rank := c.planar(x, o.DataFormat)
	if !c.ok() || len(k.Shape()) != rank+2 {
		return c.failed("a kernel of rank %d is wanted, not shape %v", rank+2, k.Shape())
	}
	if rank == 1 {
		k = ops.ExpandDims(k, 1)
	}
	channels, in := image.Shape()[3], k.Shape()[2]
	if in == 0 || channels%in != 0 {
		return c.failed("a kernel %v for %d channels", k.Shape(), channels)
	}
	options := ops.ConvOptions{Strides: c.perAxis(o.Strides, rank), Dilation: c.perAxis(o.DilationRate, rank), Padding: o.Padding, Groups: channels / in}
	return one(back(ops.Conv2D(image, k, options)), dtype)
}

func (o DepthwiseConv) conv(c *Call) []Value {
	x, k, dtype := c.realPair()
	y, back := c.depthwise(x, k, o.Strides, o.DilationRate, o.Padding, o.DataFormat)
	if !c.ok() {
		return []Value{c.X(0)}
	}
	return one(back(y), dtype)
}

func (o SeparableConv) conv(c *Call) []Value {
	x, k, dtype := c.realPair()
	y, back := c.depthwise(x, k, o.Strides, o.DilationRate, o.Padding, o.DataFormat)
	if !c.ok() {
		return []Value{c.X(0)}
	}
	point := c.X(2).to(dtype).Value
	s := point.Shape()
	point = ops.Reshape(point, 1, 1, s[len(s)-2], s[len(s)-1])
	y = ops.Conv2D(y, point, ops.ConvOptions{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: "valid", Groups: 1})
	return one(back(y), dtype)
}

// planar brings signals into the form of images with one column; back undoes it.
func (c *Call) planar(x graph.Value, format string) (y graph.Value, back func(graph.Value) graph.Value, rank int) {
	rank = len(x.Shape()) - 2
	if format == "channels_first" {
		c.fail("data_format channels_first is not supported")
	}
	switch rank {
	case 1:
		return ops.ExpandDims(x, 2), func(y graph.Value) graph.Value { return ops.Squeeze(y, 2) }, 1
	case 2:
		return x, func(y graph.Value) graph.Value { return y }, 2
	}
	c.fail("signals (N, T, C) or images (N, H, W, C) are wanted, not shape %v", x.Shape())
	return x, func(y graph.Value) graph.Value { return y }, 2
}

// perAxis spreads one number over the axes; of signals the second axis has 1.
func (c *Call) perAxis(list []int, rank int) [2]int {
	switch {
	case rank == 1 && len(list) == 1:
		return [2]int{list[0], 1}
	case len(list) == 1:
		return [2]int{list[0], list[0]}
	case len(list) == rank:
		return [2]int{list[0], list[1]}
	}
	c.fail("%v does not fit %d axes", list, rank)
	return [2]int{1, 1}
}

// depthwise is a convolution with as many groups as channels: kernel (…, C, m) is
// used as (…, 1, C·m).
func (c *Call) depthwise(x, k graph.Value, strides, dilation spec.Ints, padding, format string) (graph.Value, func(graph.Value) graph.Value) {
	image, back, rank := c.planar(x, format)
	if !c.ok() || len(k.Shape()) != rank+2 {
		c.fail("a kernel of rank %d is wanted, not shape %v", rank+2, k.Shape())
		return x, back
	}
	if rank == 1 {
		k = ops.ExpandDims(k, 1)
	}
	s := k.Shape()
	if image.Shape()[3] != s[2] {
		c.fail("a kernel %v for %d channels", s, image.Shape()[3])
		return x, back
	}
	k = ops.Reshape(k, s[0], s[1], 1, s[2]*s[3])
	options := ops.ConvOptions{Strides: c.perAxis(strides, rank), Dilation: c.perAxis(dilation, rank), Padding: padding, Groups: s[2]}
	return ops.Conv2D(image, k, options), back
}

// ConvTranspose is the transposed convolution of signals (N, T, C) or images (N, H, W, C)
// with kernels (…, Cout, C): what the gradient of Conv does to the gradient of its output.
// [ops.Conv2DTranspose] gives the shape of the result.
type ConvTranspose struct {
	ofKernel
	Name          string    `keras:"name"`
	Strides       spec.Ints `keras:"strides,default=1"`                     // distance of the input's elements in the result
	Padding       string    `keras:"padding,default=valid,enum=valid|same"` // same cuts the result to strides times the input
	OutputPadding spec.Ints `keras:"output_padding"`                        // elements beyond the smallest result; None chooses
	DataFormat    string    `keras:"data_format"`                           // None or channels_last
	DilationRate  spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o ConvTranspose) Call(c *Call) []Value {
	x, k, dtype := c.realPair()
	if !c.ok() {
		return []Value{c.X(0)}
	}
	image, back, rank := c.planar(x, o.DataFormat)
	if !c.ok() || len(k.Shape()) != rank+2 {
		return c.failed("a kernel of rank %d is wanted, not shape %v", rank+2, k.Shape())
	}
	if rank == 1 {
		k = ops.ExpandDims(k, 1)
	}
	options := ops.TransposeOptions{Strides: c.perAxis(o.Strides, rank), Dilation: c.perAxis(o.DilationRate, rank), Padding: o.Padding}
	if o.OutputPadding != nil {
		pad := c.perAxis(o.OutputPadding, rank)
		if rank == 1 {
			pad[1] = 0
		}
		options.OutputPadding = &pad
	}
	return one(back(ops.Conv2DTranspose(image, k, options)), dtype)
}
