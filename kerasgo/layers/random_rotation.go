package layers

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomRotation turns each image around its centre by an angle of its own in training.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomRotation struct {
	Factor              any     `keras:"factor,pos,required"`                                                                                                    // angles, in full turns: a list of the smallest and the largest, positive ones turn counterclockwise; a number f stands for [-f, f]
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

func init() { spec.Register[RandomRotation](module) }

// Completed checks the arguments.
func (d RandomRotation) Completed() (any, error) {
	return d, completeFactor("factor", &d.Factor, -1, 1)
}

// Build checks the input.
func (d RandomRotation) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomRotation) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomRotation) draw(c *Context, x graph.Value) transformation {
	r := mustFactor(d.Factor, -1, 1)
	h, w := area(x, d.DataFormat)
	angle := ops.MulScalar(c.perImage(d.Seed, x, span{r.lo * 360, r.hi * 360}), math.Pi/180)
	cos, sin := ops.Cos(angle), ops.Sin(angle)
	cx, cy := float64(w-1)/2, float64(h-1)/2
	t := transforms(x,
		cos, ops.Neg(sin), ops.Add(ops.SubScalarFrom(cx, ops.MulScalar(cos, cx)), ops.MulScalar(sin, cy)),
		sin, cos, ops.Sub(ops.SubScalarFrom(cy, ops.MulScalar(sin, cx)), ops.MulScalar(cos, cy)))
	return func(x graph.Value) graph.Value { return d.affine(x, t) }
}

// affine moves pixels by transforms, as the layer's arguments say.
func (d RandomRotation) affine(x, transforms graph.Value) graph.Value {
	o := ops.AffineOptions{Interpolation: d.Interpolation, FillMode: d.FillMode, FillValue: d.FillValue}
	return inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.AffineTransform(x, transforms, o) })
}

// ForMasks reads nearest pixels.
func (d RandomRotation) ForMasks() Layer {
	d.Interpolation = "nearest"
	return d
}

// MoveBoxes is an error: it is not made.
func (RandomRotation) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "RandomRotation")
}

var (
	_ Layer = RandomRotation{}
	_ Mover = RandomRotation{}
)
