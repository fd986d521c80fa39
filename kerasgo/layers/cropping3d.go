package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Cropping3D removes slices, rows and columns at the borders of a volume.
//
// Input (batch, depth, height, width, channels), output with each length shortened by
// its cropping, or with channels after batch for channels_first.
type Cropping3D struct {
	// Cropping is {{front, back}, {top, bottom}, {left, right}}; default 1 on every
	// side. In YAML also one number for all sides, or three: for both ends of each axis.
	Cropping            *[3][2]int `keras:"cropping,pos,default=1,min=0"`
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Cropping3D](module) }

// Build checks that something is left.
func (d Cropping3D) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.planes(in, d.DType, d.DataFormat, 3)
	if !ok {
		return
	}
	for i, c := range d.Cropping {
		if s[1+i] <= c[0]+c[1] {
			b.misfit("cropping %v leaves nothing of its input %v", *d.Cropping, shown(in[0]))
			return
		}
	}
}

// Call crops.
func (d Cropping3D) Call(_ *Context, in ...graph.Value) graph.Value {
	cut := make([][2]int, 5)
	copy(cut[globalAxes(d.DataFormat, 3)[0]:], d.Cropping[:])
	return crop(in[0], cut)
}

var _ Layer = Cropping3D{}
