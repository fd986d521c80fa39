package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomHue turns the colours of each image on the circle of hues in training, and clips
// to ValueRange. Images are RGB.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomHue struct {
	Factor              any        `keras:"factor,pos,required"`                                                                                                    // how far, in half turns: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]. The direction is drawn too
	ValueRange          [2]float64 `keras:"value_range,default=0|255"`                                                                                              // of the pixels
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomHue](module) }

// Completed checks the arguments.
func (d RandomHue) Completed() (any, error) {
	return d, completeFactor("factor", &d.Factor, 0, 1)
}

// Build checks the input.
func (d RandomHue) Build(b *Builder, in ...tensor.Shape) { b.rgb(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomHue) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomHue) draw(c *Context, x graph.Value) transformation {
	u := c.perImage(d.Seed, x, span{0, 1})
	sign := ops.Where(ops.GreaterScalar(u, 0.5), ops.Scalar(u, -1), ops.Scalar(u, 1))
	turn := ops.MulScalar(ops.Mul(sign, c.perImage(d.Seed, x, mustFactor(d.Factor, 0, 1))), 0.5)
	unit := [2]float64{0, 1}
	return func(x graph.Value) graph.Value {
		y := inLast(rescale(x, d.ValueRange, unit), d.DataFormat, func(x graph.Value) graph.Value {
			return changeHSV(x, func(hue, saturation graph.Value) (graph.Value, graph.Value) {
				hue = ops.Add(hue, turn)
				hue = ops.Where(ops.GreaterScalar(hue, 1), ops.SubScalar(hue, 1), hue)
				hue = ops.Where(ops.Less(hue, ops.Scalar(hue, 0)), ops.AddScalar(hue, 1), hue)
				return hue, saturation
			})
		})
		return rescale(clip(y, unit), unit, d.ValueRange)
	}
}

// changeHSV changes the hue and the saturation, (N, H, W, 1) each, of RGB images
// (N, H, W, 3).
func changeHSV(x graph.Value, f func(hue, saturation graph.Value) (graph.Value, graph.Value)) graph.Value {
	hsv := ops.RGBToHSV(x)
	if hsv.Graph().Err() != nil {
		return x
	}
	s := hsv.Shape()
	channel := func(i int) graph.Value {
		return ops.Slice(hsv, []int{0, 0, 0, i}, []int{s[0], s[1], s[2], 1})
	}
	hue, saturation := f(channel(0), channel(1))
	return ops.HSVToRGB(ops.Concat(3, hue, saturation, channel(2)))
}

var _ Layer = RandomHue{}
