package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomErasing covers a rectangle of each image in training.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomErasing struct {
	Factor              any        `keras:"factor,pos,default=1.0"`                                                                                                 // probability that an image is changed: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Scale               any        `keras:"scale"`                                                                                                                  // the squares of the rectangle\'s width and height, as shares of the image\'s: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]; default [0.02, 0.33]
	FillValue           any        `keras:"fill_value"`                                                                                                             // a number, or a list of one for each of three channels; normal numbers times the upper end of ValueRange if left out
	ValueRange          [2]float64 `keras:"value_range,default=0|255"`                                                                                              // what the fill is clipped to
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomErasing](module) }

// Completed checks the arguments.
func (d RandomErasing) Completed() (any, error) {
	if d.Scale == nil {
		d.Scale = []float64{0.02, 0.33}
	}
	err := completeFactor("factor", &d.Factor, 0, 1)
	if err == nil {
		err = completeFactor("scale", &d.Scale, 0, 1)
	}
	if err == nil && d.FillValue != nil {
		if t, bad := numbers(d.FillValue); bad != nil || t.Shape().Rank() == 1 && t.Size() != 3 {
			err = fmt.Errorf("fill_value wants a number or a list of three, got %v", d.FillValue)
		}
	}
	return d, err
}

// Build checks the input.
func (d RandomErasing) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomErasing) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomErasing) draw(c *Context, x graph.Value) transformation {
	s := mustFactor(d.Scale, 0, 1)
	share := ops.Sqrt(ops.Cast(c.between(d.Seed, s.lo, s.hi, x.Shape()[0], 2), x.DType()))
	h, w := area(x, d.DataFormat)
	cols := c.bounds(d.Seed, w, column(share, 0))
	rows := c.bounds(d.Seed, h, column(share, 1))
	mask := inside(x, d.DataFormat, rows, cols)
	chosen := c.chosen(d.Seed, x, mustFactor(d.Factor, 0, 1))
	fill := clip(d.fill(c, x), d.ValueRange)
	return func(x graph.Value) graph.Value {
		return ops.Where(chosen, ops.Where(mask, fill, x), x)
	}
}

// fill returns what covers, of a shape that broadcasts to that of x.
func (d RandomErasing) fill(c *Context, x graph.Value) graph.Value {
	if d.FillValue == nil {
		return ops.MulScalar(ops.Cast(c.Normal(d.Seed, x.Shape()...), x.DType()), d.ValueRange[1])
	}
	t, _ := numbers(d.FillValue) // checked by Completed
	v := ops.Const(x.Graph(), t.Cast(x.DType()))
	if t.Size() == 1 || d.DataFormat != "channels_first" {
		return v
	}
	return ops.Reshape(v, t.Size(), 1, 1)
}

// column returns column i of x, (N, 2), as (N, 1, 1, 1).
func column(x graph.Value, i int) graph.Value {
	n := x.Shape()[0]
	return ops.Reshape(ops.Slice(x, []int{0, i}, []int{n, 1}), n, 1, 1, 1)
}

// bounds draws where pieces of an axis of n begin and end, whose lengths are the
// given shares of it, (N, 1, 1, 1).
func (c *Context) bounds(seed *int, n int, share graph.Value) [2]graph.Value {
	length := ops.MulScalar(share, float64(n))
	from := ops.Mul(c.perImage(seed, share, span{0, 1}), ops.SubScalarFrom(float64(n), length))
	return [2]graph.Value{from, ops.Add(from, length)}
}

// inside tells by 1 and 0 which pixels of x lie between the bounds of rows and
// columns, of a shape that broadcasts to that of x.
func inside(x graph.Value, format string, rows, cols [2]graph.Value) graph.Value {
	var masks []graph.Value
	for i, bounds := range [][2]graph.Value{rows, cols} {
		shape := tensor.Shape{1, 1, 1, 1}
		a := globalAxes(format, 2)[i]
		shape[a] = x.Shape()[a]
		t := tensor.New(x.DType(), shape...)
		for k := range shape[a] {
			t.SetFloat64At(k, float64(k))
		}
		at := ops.Const(x.Graph(), t)
		masks = append(masks, ops.And(ops.GreaterEqual(at, bounds[0]), ops.Less(at, bounds[1])))
	}
	return ops.And(masks[0], masks[1])
}

// ForMasks is nil: the layer takes images alone.
func (RandomErasing) ForMasks() Layer { return nil }

// MoveBoxes is an error: it is not made.
func (RandomErasing) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "RandomErasing")
}

var (
	_ Layer = RandomErasing{}
	_ Mover = RandomErasing{}
)
