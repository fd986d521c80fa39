package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomElasticTransform bends images in training, as if they were drawn on rubber (Simard,
// Steinkraus and Platt, "Best practices for convolutional neural networks", 2003): each
// pixel is read from a place that is moved by smoothed normal numbers, the larger the
// larger the image and a strength that is drawn once for all images. The result is clipped
// to ValueRange.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomElasticTransform struct {
	Factor              any        `keras:"factor,pos,default=1.0"`                                                                                                 // probability that an image is changed: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Scale               any        `keras:"scale,default=1.0"`                                                                                                      // strength: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Interpolation       string     `keras:"interpolation,default=bilinear,enum=nearest|bilinear"`                                                                   // how pixels between pixels are read
	FillMode            string     `keras:"fill_mode,default=reflect,enum=reflect|constant|wrap|nearest|mirror"`                                                    // what is beyond the edges; see ops.MapOptions
	FillValue           float64    `keras:"fill_value,default=0"`                                                                                                   // with fill_mode constant
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

func init() { spec.Register[RandomElasticTransform](module) }

// Completed checks the arguments.
func (d RandomElasticTransform) Completed() (any, error) {
	err := completeFactor("factor", &d.Factor, 0, 1)
	if err == nil {
		err = completeFactor("scale", &d.Scale, 0, 1)
	}
	return d, err
}

// Build checks the input.
func (d RandomElasticTransform) Build(b *Builder, in ...tensor.Shape) {
	b.pixels(in, d.DType, d.DataFormat)
}

// Call changes the images in training.
func (d RandomElasticTransform) Call(c *Context, in ...graph.Value) graph.Value {
	return c.augment(d, in)
}

func (d RandomElasticTransform) draw(c *Context, x graph.Value) transformation {
	factor, scale := mustFactor(d.Factor, 0, 1), mustFactor(d.Scale, 0, 1)
	if factor.hi == 0 || scale.hi == 0 {
		return func(x graph.Value) graph.Value { return x }
	}
	chosen := c.chosen(d.Seed, x, factor)
	strength := ops.Cast(c.between(d.Seed, scale.lo, scale.hi), x.DType())
	h, w := area(x, d.DataFormat)
	alpha := ops.MulScalar(strength, 0.1*float64(max(h, w)))
	sigma := ops.MulScalar(strength, 0.05*float64(min(h, w)))
	largest := 0.05 * float64(min(h, w)) * scale.hi
	right, down := d.field(c, x, sigma, largest), d.field(c, x, sigma, largest) // as the torch backend: the others draw one field
	n := x.Shape()[0]
	axis := func(n int, shape ...int) graph.Value { // 0 … n-1
		t := tensor.New(x.DType(), shape...)
		for i := range n {
			t.SetFloat64At(i, float64(i))
		}
		return ops.Const(x.Graph(), t)
	}
	rows := ops.Add(axis(h, 1, h, 1, 1), ops.Mul(alpha, down))
	cols := ops.Add(axis(w, 1, 1, w, 1), ops.Mul(alpha, right))
	places := ops.Concat(1, ops.Reshape(rows, n, 1, h*w), ops.Reshape(cols, n, 1, h*w))
	o := ops.MapOptions{Nearest: d.Interpolation == "nearest", FillMode: d.FillMode, FillValue: d.FillValue}
	return func(x graph.Value) graph.Value {
		y := inLast(x, d.DataFormat, func(x graph.Value) graph.Value {
			return ops.Reshape(ops.MapCoordinatesEach(x, places, o), x.Shape()...)
		})
		return clip(ops.Where(chosen, y, x), d.ValueRange)
	}
}

// field draws how far each pixel moves, (N, H, W, 1): normal numbers times sigma,
// blurred by a kernel that reaches as far as ⌊6·sigma⌋|1 pixels do.
func (d RandomElasticTransform) field(c *Context, x, sigma graph.Value, largest float64) graph.Value {
	h, w := area(x, d.DataFormat)
	field := ops.Mul(ops.Cast(c.Normal(d.Seed, x.Shape()[0], h, w, 1), x.DType()), sigma)
	reach := int(6*largest) | 1 - 1 // the largest kernel is reach+1 long
	at := tensor.New(x.DType(), reach+1)
	for i := range reach + 1 {
		at.SetFloat64At(i, float64(i)-float64(reach)/2)
	}
	distance := ops.Const(x.Graph(), at)
	weights := ops.Exp(ops.MulScalar(ops.Square(ops.Div(distance, sigma)), -0.5))
	steps := ops.Floor(ops.MulScalar(sigma, 6))
	half := ops.Floor(ops.MulScalar(steps, 0.5)) // (⌊6·sigma⌋|1 - 1)/2
	weights = ops.Where(ops.LessEqual(ops.Abs(distance), half), weights, ops.Scalar(x, 0))
	weights = ops.Div(weights, ops.Sum(weights, nil, false))
	return ops.ConvEachChannel(field, ops.Mul(ops.Reshape(weights, reach+1, 1), ops.Reshape(weights, 1, reach+1)))
}

// ForMasks reads nearest pixels.
func (d RandomElasticTransform) ForMasks() Layer {
	d.Interpolation = "nearest"
	return d
}

// MoveBoxes is an error: it is not made.
func (RandomElasticTransform) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "RandomElasticTransform")
}

var (
	_ Layer = RandomElasticTransform{}
	_ Mover = RandomElasticTransform{}
)
