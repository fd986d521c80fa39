package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[MaxPool]("nn")
	register[AveragePool]("nn")
	register[AdaptiveAveragePool]("nn")
	register[AdaptiveMaxPool]("nn")
}

// MaxPool takes the largest element of every window of signals (N, T, C) or images (N, H, W, C).
type MaxPool struct {
	ofInputs
	Name       string    `keras:"name"`
	PoolSize   spec.Ints `keras:"pool_size,required"`                    // window along each axis
	Strides    spec.Ints `keras:"strides"`                               // step of the window; None is its size
	Padding    string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat string    `keras:"data_format"`                           // None or channels_last
}

func (o MaxPool) Call(c *Call) []Value {
	return c.pool(o.PoolSize, o.Strides, o.Padding, o.DataFormat, ops.MaxPool2D)
}

// AveragePool computes the mean of every window of signals (N, T, C) or images (N, H, W, C); padding does not count.
type AveragePool struct {
	ofInputs
	Name       string    `keras:"name"`
	PoolSize   spec.Ints `keras:"pool_size,required"`                    // window along each axis
	Strides    spec.Ints `keras:"strides"`                               // step of the window; None is its size
	Padding    string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat string    `keras:"data_format"`                           // None or channels_last
}

func (o AveragePool) Call(c *Call) []Value {
	return c.pool(o.PoolSize, o.Strides, o.Padding, o.DataFormat, ops.AvgPool2D)
}

func (c *Call) pool(size, strides spec.Ints, padding, format string, f func(graph.Value, ops.PoolOptions) graph.Value) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	image, back, rank := c.planar(x.to(dtype).Value, format)
	if strides == nil {
		strides = size
	}
	options := ops.PoolOptions{Size: c.perAxis(size, rank), Strides: c.perAxis(strides, rank), Padding: padding}
	if !c.ok() {
		return []Value{x}
	}
	return one(back(f(image, options)), dtype)
}

// AdaptiveAveragePool computes the mean of each of OutputSize windows that divide the
// spatial axes of (N, …, C) evenly; they may overlap by one element.
type AdaptiveAveragePool struct {
	ofInputs
	Name       string `keras:"name"`
	OutputSize []int  `keras:"output_size,required"`                          // windows along each spatial axis
	DataFormat string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o AdaptiveAveragePool) Call(c *Call) []Value {
	return c.adaptive(o.OutputSize, o.DataFormat, layers.AdaptiveAverage)
}

// AdaptiveMaxPool takes the largest element of each of OutputSize windows that divide the
// spatial axes of (N, …, C) evenly; they may overlap by one element.
type AdaptiveMaxPool struct {
	ofInputs
	Name       string `keras:"name"`
	OutputSize []int  `keras:"output_size,required"`                          // windows along each spatial axis
	DataFormat string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o AdaptiveMaxPool) Call(c *Call) []Value {
	return c.adaptive(o.OutputSize, o.DataFormat, layers.AdaptiveMax)
}

func (c *Call) adaptive(size []int, format string, pool func(x graph.Value, axis, size int) graph.Value) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	v, first := x.to(dtype).Value, 1
	if format == "channels_first" {
		first = 2
	}
	if !c.ok() || len(v.Shape()) != len(size)+2 {
		return c.failed("output_size %v does not fit the spatial axes of %v", size, x.Shape())
	}
	for i, n := range size {
		if a := first + i; n < 1 || v.Shape()[a] < 1 || !c.sized(v.Shape()[a], n) {
			return c.failed("output_size %v of %v", size, x.Shape())
		} else if v.Shape()[a] != n {
			v = pool(v, a, n)
		}
	}
	return one(v, dtype)
}
