package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// GlobalAveragePooling1D takes the mean of each channel over the steps, leaving
// out masked steps.
//
// Input (batch, steps, channels), output (batch, channels), or (batch, 1,
// channels) with KeepDims; with channels after batch for channels_first.
type GlobalAveragePooling1D struct {
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	KeepDims            bool   `keras:"keepdims"`                                                            // whether the reduced axis stays, with length 1
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[GlobalAveragePooling1D](module, spec.Aliases("GlobalAvgPool1D")) }

// Build checks the input.
func (d GlobalAveragePooling1D) Build(b *Builder, in ...tensor.Shape) {
	b.planes(in, d.DType, d.DataFormat, 1)
}

// Call reduces. The mask is (batch, steps).
func (d GlobalAveragePooling1D) Call(c *Context, in ...graph.Value) graph.Value {
	x, axes := in[0], globalAxes(d.DataFormat, 1)
	mask := c.Mask(x)
	if !mask.OK() {
		return ops.Mean(x, axes, d.KeepDims)
	}
	channels := 3 - axes[0]
	mask = ops.ExpandDims(mask, channels)
	sum := ops.Sum(ops.Where(mask, x, ops.Scalar(x, 0)), axes, d.KeepDims)
	return ops.Div(sum, ops.Sum(mask, axes, d.KeepDims))
}

// TakesMask lets a call have a mask of its own.
func (GlobalAveragePooling1D) TakesMask() {}

var _ Layer = GlobalAveragePooling1D{}
