package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomTranslation shifts each image in training.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomTranslation struct {
	HeightFactor        any     `keras:"height_factor,pos,required"`                                                                                             // share of the height by which the image moves down: a list of the smallest and the largest, negative ones move up; a number f stands for [-f, f]
	WidthFactor         any     `keras:"width_factor,required"`                                                                                                  // share of the width by which it moves to the right, likewise
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

func init() { spec.Register[RandomTranslation](module) }

// Completed checks the arguments.
func (d RandomTranslation) Completed() (any, error) {
	_, err := factor("height_factor", d.HeightFactor, -1, 1)
	if err == nil {
		_, err = factor("width_factor", d.WidthFactor, -1, 1)
	}
	return d, err
}

// Build checks the input.
func (d RandomTranslation) Build(b *Builder, in ...tensor.Shape) { b.pixels(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d RandomTranslation) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d RandomTranslation) draw(c *Context, x graph.Value) transformation {
	down, right := d.shift(c, x)
	t := transforms(x, 1.0, 0.0, ops.Neg(right), 0.0, 1.0, ops.Neg(down))
	return func(x graph.Value) graph.Value { return d.affine(x, t) }
}

// shift draws by how many pixels each image is moved.
func (d RandomTranslation) shift(c *Context, x graph.Value) (down, right graph.Value) {
	h, w := area(x, d.DataFormat)
	down = ops.MulScalar(c.perImage(d.Seed, x, mustFactor(d.HeightFactor, -1, 1)), float64(h))
	right = ops.MulScalar(c.perImage(d.Seed, x, mustFactor(d.WidthFactor, -1, 1)), float64(w))
	return down, right
}

// affine moves pixels by transforms, as the layer's arguments say.
func (d RandomTranslation) affine(x, transforms graph.Value) graph.Value {
	o := ops.AffineOptions{Interpolation: d.Interpolation, FillMode: d.FillMode, FillValue: d.FillValue}
	return inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.AffineTransform(x, transforms, o) })
}

// ForMasks reads nearest pixels.
func (d RandomTranslation) ForMasks() Layer {
	d.Interpolation = "nearest"
	return d
}

// MoveBoxes moves boxes with their images.
func (d RandomTranslation) MoveBoxes(c *Context, images, boxes graph.Value) graph.Value {
	if !c.Training() {
		return boxes
	}
	h, w := area(images, d.DataFormat)
	down, right := d.shift(c, images)
	return ClipBoxes(shifted(boxes, right, down, graph.Value{}, graph.Value{}), h, w)
}

var (
	_ Layer = RandomTranslation{}
	_ Mover = RandomTranslation{}
)
