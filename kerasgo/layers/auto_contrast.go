package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AutoContrast stretches the values of each image and channel so that they fill
// ValueRange, in training and outside. A channel of one value stays as it is.
//
// Input and output (batch, height, width, channels). As in Keras, DataFormat has no
// effect: with channels after batch, each column of an image is stretched on its own.
type AutoContrast struct {
	ValueRange          [2]float64 `keras:"value_range,pos,default=0|255"`                                                                                          // of the pixels
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[AutoContrast](module) }

// Completed sorts the range.
func (d AutoContrast) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	return d, nil
}

// Build checks the input.
func (d AutoContrast) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call stretches.
func (d AutoContrast) Call(c *Context, in ...graph.Value) graph.Value {
	return d.stretch(floats(in[0]))
}

func (d AutoContrast) draw(*Context, graph.Value) transformation { return d.stretch }

func (d AutoContrast) stretch(original graph.Value) graph.Value {
	x := rescale(original, d.ValueRange, byteRange)
	low, high := ops.Min(x, []int{1, 2}, true), ops.Max(x, []int{1, 2}, true)
	some := ops.Greater(high, low)
	scale := ops.Div(ops.Scalar(x, 255), ops.Where(some, ops.Sub(high, low), ops.Scalar(x, 1)))
	y := ops.Sub(ops.Mul(x, scale), ops.Mul(low, scale))
	return ops.Where(some, rescale(clip(y, byteRange), byteRange, d.ValueRange), original)
}

var _ Layer = AutoContrast{}
