package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// pool3D is what the pooling layers over depth, height and width share: the slices
// are pooled as images, and then the images along depth.
type pool3D struct {
	size, strides   [3]int
	padding, format string
}

func (p pool3D) build(b *Builder, in []tensor.Shape, dtype string) {
	s, ok := b.planes(in, dtype, p.format, 3)
	if !ok || p.padding != "valid" {
		return
	}
	for i, n := range s[1:4] {
		if n < p.size[i] {
			b.misfit("pool_size %v does not fit its input %v with padding %q", tensor.Shape(p.size[:]), shown(in[0]), p.padding)
			return
		}
	}
}

// apply pools with f, which is MaxPool2D or AvgPool2D.
func (p pool3D) apply(x graph.Value, f func(graph.Value, ops.PoolOptions) graph.Value) graph.Value {
	x = channelsLast(x, p.format)
	s := x.Shape()
	y := f(ops.Reshape(x, s[0]*s[1], s[2], s[3], s[4]), ops.PoolOptions{Size: [2]int(p.size[1:]), Strides: [2]int(p.strides[1:]), Padding: p.padding})
	if y.Graph().Err() != nil {
		return y
	}
	h, w := y.Shape()[1], y.Shape()[2]
	y = f(ops.Reshape(y, s[0], s[1], h*w, s[4]), ops.PoolOptions{Size: [2]int{p.size[0], 1}, Strides: [2]int{p.strides[0], 1}, Padding: p.padding})
	if y.Graph().Err() != nil {
		return y
	}
	return channelsAs(ops.Reshape(y, s[0], y.Shape()[1], h, w, s[4]), p.format)
}
