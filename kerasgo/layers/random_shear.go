package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomShear shears each image in training: rows move sideways in proportion to their
// place, columns up or down. Both amounts of an image have one sign, which is drawn too.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomShear struct {
	XFactor             any     `keras:"x_factor,pos,default=0.0"`                                                                                               // columns that a row moves for each row: a list of the smallest and the largest in [0, 1]; a number f stands for [-f, f]
	YFactor             any     `keras:"y_factor,default=0.0"`                                                                                                   // rows that a column moves for each column, likewise
	FillMode            string  `keras:"fill_mode,default=reflect,enum=reflect|constant|wrap|nearest"`                                                           // what is beyond the edges: d c b a | a b c d | d c b a, FillValue, the image again, or the nearest pixel
	Interpolation       string  `keras:"interpolation,default=bilinear,enum=nearest|bilinear"`                                                                   // how pixels between pixels are read
	FillValue           float64 `keras:"fill_value,default=0"`                                                                                                   // with fill_mode constant
	Seed                *int    `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string  `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string  `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any     `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string  `keras:"name"`
	Trainable           *bool   `keras:"trainable,default=true"`
	DType               string  `keras:"dtype"`
	InputShape          []int   `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomShear](module) }

// Completed checks the arguments.
func (d RandomShear) Completed() (any, error) {
	err := shear("x_factor", &d.XFactor)
	if err == nil {
		err = shear("y_factor", &d.YFactor)
	}
	return d, err
}

// Build checks the input.
func (d RandomShear) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomShear) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomShear) draw(c *Context, x graph.Value) transformation {
	u := c.perImage(d.Seed, x, span{0, 1})
	sign := ops.Where(ops.GreaterScalar(u, 0.5), ops.Scalar(u, -1), ops.Scalar(u, 1))
	down := ops.Mul(c.perImage(d.Seed, x, mustShear(d.YFactor)), sign)
	right := ops.Mul(c.perImage(d.Seed, x, mustShear(d.XFactor)), sign)
	t := transforms(x, 1.0, right, 0.0, down, 1.0, 0.0)
	return func(x graph.Value) graph.Value { return d.affine(x, t) }
}

// shear reads a factor. Keras writes the number f as [-f, f], which it does not
// read again: such a list becomes a number.
func shear(name string, v *any) error {
	s, err := factor(name, *v, -1, 1)
	if err == nil && s.lo < 0 {
		if s.lo != -s.hi {
			return fmt.Errorf("%s %v is outside [0, 1]", name, *v)
		}
		*v = s.hi
	}
	return err
}

func mustShear(v any) span { return mustFactor(v, -1, 1) }

// affine moves pixels by transforms, as the layer's arguments say.
func (d RandomShear) affine(x, transforms graph.Value) graph.Value {
	o := ops.AffineOptions{Interpolation: d.Interpolation, FillMode: d.FillMode, FillValue: d.FillValue}
	return inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.AffineTransform(x, transforms, o) })
}

// ForMasks reads nearest pixels.
func (d RandomShear) ForMasks() Layer {
	d.Interpolation = "nearest"
	return d
}

// MoveBoxes is an error: it is not made.
func (RandomShear) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "RandomShear")
}

var (
	_ Layer = RandomShear{}
	_ Mover = RandomShear{}
)
