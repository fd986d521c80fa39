package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AugMix mixes each image with changed versions of itself in training: NumChains
// chains of up to ChainDepth changes, which are drawn for each step and are the same
// for all images of the batch, are weighed by numbers of the Dirichlet distribution,
// and their sum is mixed with the image by a number of the beta distribution
// (Hendrycks and others, "AugMix: a simple data processing method to improve
// robustness and uncertainty", 2019). The result is clipped to ValueRange. Every change
// is computed for every place in the chains: a step costs
// NumChains·ChainDepth times that of all the changes. Outside training it returns its
// input.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first; one channel, or three (RGB).
type AugMix struct {
	ValueRange          [2]float64 `keras:"value_range,pos,default=0|255"`                                                                                          // of the pixels
	NumChains           int        `keras:"num_chains,default=3,min=1"`                                                                                             // chains
	ChainDepth          int        `keras:"chain_depth,default=3,min=0"`                                                                                            // changes in a chain; each of them may be none
	Factor              any        `keras:"factor,default=0.3"`                                                                                                     // how strong they are: a list of the smallest and the largest in [0, 1]; a number f stands for [0, f]
	Alpha               *float64   `keras:"alpha,default=1.0"`                                                                                                      // parameter of both distributions
	AllOps              *bool      `keras:"all_ops,default=true"`                                                                                                   // brightness, contrast, sharpness and loss of colour too
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

func init() { spec.Register[AugMix](module) }

// Completed checks the arguments.
func (d AugMix) Completed() (any, error) {
	if !(*d.Alpha > 0) {
		return d, fmt.Errorf("alpha %v must be positive", *d.Alpha)
	}
	return d, completeFactor("factor", &d.Factor, 0, 1)
}

// Build checks the input.
func (d AugMix) Build(b *Builder, in ...tensor.Shape) { b.colors(in, d.DType, d.DataFormat) }

// Call changes the images in training.
func (d AugMix) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

func (d AugMix) draw(c *Context, x graph.Value) transformation {
	set := changes{mustFactor(d.Factor, 0, 1), d.ValueRange, d.Interpolation, d.Seed, d.DataFormat}
	names := []string{"shear", "translation", "rotation", "posterization", "solarization", "auto", "equalization"}
	if *d.AllOps {
		names = append(names, "brightness", "degeneration", "contrast", "sharpness")
	}
	list := set.list(names...)
	alpha := x.Graph().Scalar(tensor.Float32, *d.Alpha)
	weights := ops.Cast(ops.Softmax(c.logGamma(d.Seed, alpha, d.NumChains), 0), x.DType())
	share := ops.Cast(c.beta(d.Seed, alpha, 1), x.DType())
	type link struct {
		which graph.Value // number of the change; len(list) is none
		drawn []transformation
	}
	var links []link
	for range d.NumChains * d.ChainDepth {
		l := link{which: ops.Cast(ops.Floor(c.between(d.Seed, 0, float64(len(list)+1), 1)), x.DType())}
		for _, change := range list {
			l.drawn = append(l.drawn, change.draw(c, x))
		}
		links = append(links, l)
	}
	return func(x graph.Value) graph.Value {
		sum := ops.Scalar(x, 0)
		for i := range d.NumChains {
			y := x
			for _, l := range links[i*d.ChainDepth : (i+1)*d.ChainDepth] {
				y = pick(l.which, l.drawn, y)
			}
			sum = ops.Add(sum, ops.Mul(y, ops.Slice(weights, []int{i}, []int{1})))
		}
		return clip(ops.Add(ops.Mul(share, x), ops.Mul(ops.SubScalarFrom(1, share), sum)), d.ValueRange)
	}
}

// ForMasks is nil: the layer takes images alone.
func (AugMix) ForMasks() Layer { return nil }

// MoveBoxes is an error: it is not made.
func (AugMix) MoveBoxes(c *Context, _, boxes graph.Value) graph.Value {
	return c.noBoxes(boxes, "AugMix")
}

var (
	_ Layer = AugMix{}
	_ Mover = AugMix{}
)
