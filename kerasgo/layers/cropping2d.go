package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Cropping2D removes rows and columns at the borders of an image.
//
// Input (batch, height, width, channels), output (batch, height - top - bottom,
// width - left - right, channels), or with channels after batch for
// channels_first.
type Cropping2D struct {
	// Cropping is {{top, bottom}, {left, right}}; default 0. In YAML also one number
	// for all sides, or a pair: rows above and below, columns left and right.
	Cropping            [2][2]int `keras:"cropping,pos,default=0,min=0"`
	DataFormat          string    `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Cropping2D](module) }

// Build checks that something is left.
func (d Cropping2D) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.planes(in, d.DType, d.DataFormat, 2)
	if !ok {
		return
	}
	for i, c := range d.Cropping {
		if s[1+i] <= c[0]+c[1] {
			b.misfit("cropping (%v, %v) leaves nothing of its input %v", tensor.Shape(d.Cropping[0][:]), tensor.Shape(d.Cropping[1][:]), shown(in[0]))
			return
		}
	}
}

// Call crops.
func (d Cropping2D) Call(_ *Context, in ...graph.Value) graph.Value {
	cut := make([][2]int, 4)
	copy(cut[globalAxes(d.DataFormat, 2)[0]:], d.Cropping[:])
	return crop(in[0], cut)
}

// crop removes elements at both ends of each axis.
func crop(x graph.Value, cut [][2]int) graph.Value {
	starts, sizes := make([]int, len(cut)), x.Shape().Clone()
	for i, c := range cut {
		starts[i] = c[0]
		sizes[i] -= c[0] + c[1]
	}
	return ops.Slice(x, starts, sizes)
}

var _ Layer = Cropping2D{}
