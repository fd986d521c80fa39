package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomSaturation multiplies the saturation of each image by f/(1-f) in training: 0 for
// f = 0, which is grey, 1 for f = ½, and more above. Images are RGB.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomSaturation struct {
	Factor              any        `keras:"factor,pos,required"`                                                                                                    // f: a list of the smallest and the largest in [-1, 1]; a number f stands for [-f, f]
	ValueRange          [2]float64 `keras:"value_range,default=0|255"`                                                                                              // what the saturation is clipped to, as Keras does
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomSaturation](module) }

// Completed checks the arguments.
func (d RandomSaturation) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	return d, completeFactor("factor", &d.Factor, -1, 1)
}

// Build checks the input.
func (d RandomSaturation) Build(b *Builder, in ...tensor.Shape) { b.rgb(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomSaturation) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomSaturation) draw(c *Context, x graph.Value) transformation {
	f := c.perImage(d.Seed, x, mustFactor(d.Factor, -1, 1))
	f = ops.Div(f, ops.AddScalar(ops.SubScalarFrom(1, f), 1e-7))
	return func(x graph.Value) graph.Value {
		return inLast(x, d.DataFormat, func(x graph.Value) graph.Value {
			return changeHSV(x, func(hue, saturation graph.Value) (graph.Value, graph.Value) {
				return hue, clip(ops.Mul(saturation, f), d.ValueRange)
			})
		})
	}
}

var _ Layer = RandomSaturation{}
