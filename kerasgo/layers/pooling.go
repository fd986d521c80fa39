package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// pool is what the pooling layers share. Pooling over one spatial axis is pooling
// an image of height 1: entry 0 of each pair is then 1.
type pool struct {
	rank          int // spatial axes: 1 or 2
	size, strides [2]int
	padding       string
	format        string
}

func (p pool) build(b *Builder, in []tensor.Shape, dtype string) {
	s, ok := b.planes(in, dtype, p.format, p.rank)
	if !ok || p.padding != "valid" {
		return
	}
	for i, n := range s[1 : 1+p.rank] {
		if n < p.size[2-p.rank+i] {
			b.misfit("pool_size %v does not fit its input %v with padding %q", tensor.Shape(p.size[2-p.rank:]), shown(in[0]), p.padding)
			return
		}
	}
}

// apply pools with f, which is MaxPool2D or AvgPool2D.
func (p pool) apply(x graph.Value, f func(graph.Value, ops.PoolOptions) graph.Value) graph.Value {
	x = channelsLast(x, p.format)
	if p.rank == 1 {
		x = ops.ExpandDims(x, 1)
	}
	y := f(x, ops.PoolOptions{Size: p.size, Strides: p.strides, Padding: p.padding})
	if p.rank == 1 {
		y = ops.Squeeze(y, 1)
	}
	return channelsAs(y, p.format)
}

// globalAxes returns the spatial axes of an input.
func globalAxes(format string, rank int) []int {
	axes := []int{1, 2, 3}[:rank]
	if format == "channels_first" {
		axes = []int{2, 3, 4}[:rank]
	}
	return axes
}
