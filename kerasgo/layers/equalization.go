package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Equalization spreads the values of each channel evenly over ValueRange in training:
// a value becomes the share of the pixels that have it or a smaller one, counted in
// Bins intervals over all images of the batch, as Keras counts. Outside training it
// returns its input.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first.
type Equalization struct {
	ValueRange          [2]float64 `keras:"value_range,pos,default=0|255"`                                                                                          // of the pixels
	Bins                int        `keras:"bins,default=256,min=2"`                                                                                                 // intervals
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Equalization](module) }

// Completed sorts the range.
func (d Equalization) Completed() (any, error) {
	d.ValueRange = sorted(d.ValueRange)
	return d, nil
}

// Build checks the input.
func (d Equalization) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call equalizes in training.
func (d Equalization) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d Equalization) draw(*Context, graph.Value) transformation {
	return func(x graph.Value) graph.Value {
		return inLast(x, d.DataFormat, func(x graph.Value) graph.Value {
			s := x.Shape()
			var channels []graph.Value
			for i := range s[3] {
				channels = append(channels, d.channel(ops.Slice(x, []int{0, 0, 0, i}, []int{s[0], s[1], s[2], 1})))
			}
			return ops.Concat(3, channels...)
		})
	}
}

// channel equalizes (N, H, W, 1).
func (d Equalization) channel(x graph.Value) graph.Value {
	x = rescale(x, d.ValueRange, byteRange)
	last := float64(d.Bins - 1)
	bins := ops.Cast(ops.Clip(ops.MulScalar(x, last/255), 0, last), tensor.Int32)
	counts := ops.Cast(ops.Bincount(bins, d.Bins), x.DType())
	zero := ops.Scalar(x, 0)
	several := ops.GreaterScalar(ops.Sum(ops.Greater(counts, zero), nil, false), 1)
	below := ops.CumSum(counts, 0)
	total := ops.Max(below, nil, false)
	least := ops.Min(ops.Where(ops.Greater(below, zero), below, total), nil, false)
	rest := ops.Sub(total, least)
	rest = ops.Where(ops.Greater(rest, zero), rest, ops.Scalar(x, 1))
	table := ops.Round(ops.Div(ops.MulScalar(ops.Sub(below, least), 255), rest))
	y := ops.Gather(clip(table, byteRange), bins)
	return rescale(ops.Where(several, y, x), byteRange, d.ValueRange)
}

var _ Layer = Equalization{}
