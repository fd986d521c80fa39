package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomGrayscale makes each image grey with probability Factor in training; it keeps
// its three channels. Images are RGB, or
// grey already. As in Keras, the configuration lacks the seed.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomGrayscale struct {
	Factor              *float64 `keras:"factor,pos,default=0.5,min=0,max=1"`                                                                                     // probability
	Seed                *int     `keras:"seed,noconfig"`                                                                                                          // makes the numbers independent of the model's seed
	DataFormat          string   `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string   `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any      `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string   `keras:"name"`
	Trainable           *bool    `keras:"trainable,default=true"`
	DType               string   `keras:"dtype"`
	InputShape          []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomGrayscale](module) }

// Build checks the input.
func (d RandomGrayscale) Build(b *Builder, in ...tensor.Shape) { b.colors(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomGrayscale) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomGrayscale) draw(c *Context, x graph.Value) transformation {
	u := c.perImage(d.Seed, x, span{0, 1})
	chosen := ops.Less(u, ops.Scalar(u, *d.Factor))
	return func(x graph.Value) graph.Value {
		grey := ops.BroadcastTo(inLast(x, d.DataFormat, ops.RGBToGrayscale), x.Shape()...)
		return ops.Where(chosen, grey, x)
	}
}

var _ Layer = RandomGrayscale{}
