package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Cropping1D removes steps at the start and the end of a sequence.
//
// Input (batch, steps, channels), output (batch, steps - start - end, channels).
type Cropping1D struct {
	Cropping            *[2]int `keras:"cropping,pos,default=1,min=0"` // steps at the start and the end; in YAML also one number for both
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Cropping1D](module) }

// Build checks that something is left.
func (d Cropping1D) Build(b *Builder, in ...tensor.Shape) {
	if s, ok := b.planes(in, d.DType, "channels_last", 1); ok && s[1] <= d.Cropping[0]+d.Cropping[1] {
		b.misfit("cropping %v leaves nothing of its input %v", tensor.Shape(d.Cropping[:]), shown(in[0]))
	}
}

// Call crops.
func (d Cropping1D) Call(_ *Context, in ...graph.Value) graph.Value {
	return crop(in[0], [][2]int{{}, *d.Cropping, {}})
}

var _ Layer = Cropping1D{}
