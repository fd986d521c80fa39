package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[MaxPool]("nn")
	register[AveragePool]("nn")
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
