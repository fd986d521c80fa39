package layers

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomPosterization keeps the highest bits of each pixel, as 8-bit number, in training.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomPosterization struct {
	Factor              any        `keras:"factor,pos,required"`                                                                                                    // bits that are kept: a list of the smallest and of one more than the largest, in [1, 8]; a number f stands for [1, f], and two equal numbers for just that many
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

func init() { spec.Register[RandomPosterization](module) }

// Completed checks the arguments.
func (d RandomPosterization) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	r, err := factor("factor", d.Factor, 1, maxBits)
	if err == nil {
		if r.lo != math.Trunc(r.lo) || r.hi != math.Trunc(r.hi) {
			return d, fmt.Errorf("factor %v: bits are whole numbers", d.Factor)
		}
		d.Factor = []any{int(r.lo), int(r.hi)}
	}
	return d, err
}

// Build checks the input.
func (d RandomPosterization) Build(b *Builder, in ...tensor.Shape) {
	b.pixels(in, d.DType, d.DataFormat)
}

// Call changes the images in training.
func (d RandomPosterization) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

// maxBits is the number of bits of a pixel.
const maxBits = 8

func (d RandomPosterization) draw(c *Context, x graph.Value) transformation {
	r := mustFactor(d.Factor, 1, maxBits)
	var kept graph.Value // bits
	if r.lo == r.hi {
		kept = ops.Scalar(x, r.lo)
	} else {
		kept = ops.Floor(c.perImage(d.Seed, x, r))
	}
	unit := ops.Exp(ops.MulScalar(ops.SubScalarFrom(maxBits, kept), math.Ln2)) // 2^(8 - kept)
	unit = ops.Round(unit)
	return func(x graph.Value) graph.Value {
		x = ops.Floor(rescale(x, d.ValueRange, byteRange))
		return rescale(ops.Mul(ops.Floor(ops.Div(x, unit)), unit), byteRange, d.ValueRange)
	}
}

var _ Layer = RandomPosterization{}
