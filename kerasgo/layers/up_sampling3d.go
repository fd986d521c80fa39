package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// UpSampling3D makes a volume larger by whole factors, by repeating elements.
//
// Input (batch, depth, height, width, channels), output (batch, depth·Size[0],
// height·Size[1], width·Size[2], channels), or with channels after batch for
// channels_first.
type UpSampling3D struct {
	Size                [3]int `keras:"size,pos,default=2,min=1"`                                            // factors for depth, height and width
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[UpSampling3D](module) }

// Build checks the input.
func (d UpSampling3D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, d.DataFormat, 3)
}

// Call repeats.
func (d UpSampling3D) Call(_ *Context, in ...graph.Value) graph.Value {
	x := in[0]
	for i, axis := range globalAxes(d.DataFormat, 3) {
		x = ops.Repeat(x, d.Size[i], axis)
	}
	return x
}

var _ Layer = UpSampling3D{}
