package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandAugment changes the images in training by NumOps changes, which are drawn from
// eleven for each step and are the same for all images of the batch (Cubuk and others,
// "RandAugment: practical automated data augmentation with a reduced search space",
// 2019). All eleven are computed, as in Keras. Outside training it returns its input.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first; one channel, or three (RGB).
type RandAugment struct {
	ValueRange          [2]float64 `keras:"value_range,pos,default=0|255"`                                                                                          // of the pixels
	NumOps              int        `keras:"num_ops,default=2,min=0"`                                                                                                // how many changes
	Factor              any        `keras:"factor,default=0.5"`                                                                                                     // how strong they are: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Interpolation       string     `keras:"interpolation,default=bilinear,enum=nearest|bilinear"`                                                                   // how pixels between pixels are read
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandAugment](module) }

// Completed checks the arguments.
func (d RandAugment) Completed() (any, error) { return d, completeFactor("factor", &d.Factor, 0, 1) }

// Build checks the input.
func (d RandAugment) Build(b *Builder, in ...tensor.Shape) { b.colors(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandAugment) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandAugment) draw(c *Context, x graph.Value) transformation {
	set := changes{mustFactor(d.Factor, 0, 1), d.ValueRange, d.Interpolation, d.Seed, d.DataFormat}
	list := set.list("shear", "translation", "rotation", "brightness", "degeneration", "contrast", "sharpness", "posterization", "solarization", "auto", "equalization")
	picks := ops.Cast(ops.Floor(c.between(d.Seed, 0, float64(len(list)), d.NumOps)), x.DType())
	var drawn []transformation
	for _, l := range list {
		drawn = append(drawn, l.draw(c, x))
	}
	return func(x graph.Value) graph.Value {
		for i := range d.NumOps {
			x = pick(ops.Slice(picks, []int{i}, []int{1}), drawn, x)
		}
		return x
	}
}

// ForMasks is nil: the layer takes images alone.
func (RandAugment) ForMasks() Layer { return nil }

// MoveBoxes is an error: it is not made.
func (RandAugment) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "RandAugment")
}

var (
	_ Layer = RandAugment{}
	_ Mover = RandAugment{}
)
