package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[GaussianBlur]("image")
	register[SobelEdges]("image")
}

// GaussianBlur blurs images (N, H, W, C) or an image (H, W, C), each channel on its own;
// [ops.GaussianBlur] gives the weights. Beyond the edges is 0.
type GaussianBlur struct {
	ofImages
	Name       string     `keras:"name"`
	KernelSize [2]int     `keras:"kernel_size,default=3|3"`                       // pixels that are mixed along each axis
	Sigma      [2]float64 `keras:"sigma,default=1.0|1.0"`                         // standard deviations of the weights
	DataFormat string     `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o GaussianBlur) Call(c *Call) []Value {
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		if !c.within("kernel_size", max(o.KernelSize[0], o.KernelSize[1]), maxParts) {
			return x
		}
		return ops.GaussianBlur(x, o.KernelSize, ops.Const(c.graph, tensor.From(o.Sigma[:]).Cast(x.DType())))
	})
}

// SobelEdges computes the slopes of images (N, H, W, C) down and to the right, each channel
// on its own, as a last axis of length 2: differences of pixels two apart, weighed 1, 2, 1
// across. Beyond the edges the images are mirrored.
type SobelEdges struct {
	ofImages
	Name       string `keras:"name"`
	DataFormat string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o SobelEdges) Call(c *Call) []Value {
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		s := x.Shape()
		if len(c.X(0).Shape()) != 4 || s[1] < 2 || s[2] < 2 {
			c.fail("images (N, H, W, C) of at least 2 by 2 pixels are wanted, not shape %v", c.X(0).Shape())
			return x
		}
		for a := 1; a <= 2; a++ {
			x = ops.Concat(a, cut(x, a, 1, 1), x, cut(x, a, s[a]-2, 1))
		}
		down := []float64{-1, -2, -1, 0, 0, 0, 1, 2, 1}
		right := []float64{-1, 0, 1, -2, 0, 2, -1, 0, 1}
		edges := func(kernel []float64) graph.Value {
			y := ops.ConvEachChannel(x, ops.Const(c.graph, tensor.From(kernel, 3, 3).Cast(x.DType())))
			return ops.Slice(y, []int{0, 1, 1, 0}, s)
		}
		return ops.Stack(4, edges(down), edges(right))
	})
}
