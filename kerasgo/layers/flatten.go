package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Flatten puts all axes but the first into one, in row-major order; an input
// without further axes gets one of length 1. With channels_first the channels
// are moved behind the other axes first, so that both formats give one order.
//
// Input (batch, …), output (batch, product of the rest).
type Flatten struct {
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Flatten](module) }

// Build checks the input.
func (d Flatten) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType, "batch", "...") }

// Call reshapes.
func (d Flatten) Call(_ *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if len(x.Shape()) > 2 {
		x = channelsLast(x, d.DataFormat)
	}
	return ops.Reshape(x, x.Shape()[0], x.Shape()[1:].Size())
}

var _ Layer = Flatten{}
