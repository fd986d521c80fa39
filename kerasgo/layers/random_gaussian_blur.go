package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomGaussianBlur blurs images in training with the weights exp(-½·(distance/sigma)²),
// and clips to ValueRange. Sigma is drawn once for all images.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomGaussianBlur struct {
	Factor              any        `keras:"factor,pos,default=1.0"`                                                                                                 // probability that an image is changed: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	KernelSize          any        `keras:"kernel_size,default=3"`                                                                                                  // columns and rows of the kernel, odd: one number for both, or a list of two
	Sigma               any        `keras:"sigma,default=1.0"`                                                                                                      // in pixels: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
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

func init() { spec.Register[RandomGaussianBlur](module) }

// Completed checks the arguments.
func (d RandomGaussianBlur) Completed() (any, error) {
	size, err := d.size()
	if err == nil {
		d.KernelSize = []any{size[0], size[1]}
		err = completeFactor("factor", &d.Factor, 0, 1)
	}
	if err == nil {
		err = completeFactor("sigma", &d.Sigma, 0, 1)
	}
	return d, err
}

// Build checks the input.
func (d RandomGaussianBlur) Build(b *Builder, in ...tensor.Shape) {
	b.pixels(in, d.DType, d.DataFormat)
}

// Call changes the images in training.
func (d RandomGaussianBlur) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

// size returns KernelSize as two numbers.
func (d RandomGaussianBlur) size() (size [2]int, err error) {
	t, err := numbers(d.KernelSize)
	if err != nil || t.Size() < 1 || t.Size() > 2 {
		return size, fmt.Errorf("kernel_size wants an odd number or two, got %v", d.KernelSize)
	}
	for i := range size {
		v := t.Float64At(min(i, t.Size()-1))
		if size[i] = int(v); float64(size[i]) != v || size[i] < 1 || size[i]%2 == 0 {
			return size, fmt.Errorf("kernel_size %v: wants odd numbers", d.KernelSize)
		}
	}
	return size, nil
}

func (d RandomGaussianBlur) draw(c *Context, x graph.Value) transformation {
	chosen := c.chosen(d.Seed, x, mustFactor(d.Factor, 0, 1))
	s := mustFactor(d.Sigma, 0, 1)
	sigma := ops.AddScalar(ops.Cast(c.between(d.Seed, s.lo, s.hi, 2), x.DType()), 1e-6)
	size, _ := d.size()
	return func(x graph.Value) graph.Value {
		y := inLast(x, d.DataFormat, func(x graph.Value) graph.Value { return ops.GaussianBlur(x, size, sigma) })
		return clip(ops.Where(chosen, y, x), d.ValueRange)
	}
}

var _ Layer = RandomGaussianBlur{}
