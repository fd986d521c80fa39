package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RandomColorJitter changes brightness, contrast, saturation and hue of each image in
// training, one after the other: RandomBrightness, RandomContrast, RandomSaturation and
// RandomHue with the factors given here, those left out aside. For the latter two images
// are RGB.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first. Outside training it returns its input.
type RandomColorJitter struct {
	ValueRange          [2]float64 `keras:"value_range,default=0|255"`                                                                                              // of the pixels
	BrightnessFactor    any        `keras:"brightness_factor"`                                                                                                      // factor of RandomBrightness
	ContrastFactor      any        `keras:"contrast_factor"`                                                                                                        // factor of RandomContrast
	SaturationFactor    any        `keras:"saturation_factor"`                                                                                                      // factor of RandomSaturation
	HueFactor           any        `keras:"hue_factor"`                                                                                                             // factor of RandomHue
	Seed                *int       `keras:"seed"`                                                                                                                   // makes the numbers independent of the model's seed
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RandomColorJitter](module) }

// Completed checks the arguments.
func (d RandomColorJitter) Completed() (any, error) {
	for _, part := range d.parts() {
		if _, err := spec.CompleteAny(part); err != nil {
			return d, err
		}
	}
	return d, nil
}

// Build checks the input.
func (d RandomColorJitter) Build(b *Builder, in ...tensor.Shape) {
	if d.SaturationFactor == nil && d.HueFactor == nil {
		b.pixels(in, d.DType, "channels_last")
		return
	}
	b.rgb(in, d.DType, "channels_last")
}

// Call changes the images in training.
func (d RandomColorJitter) Call(c *Context, in ...graph.Value) graph.Value { return c.augment(d, in) }

// parts returns the layers that it is made of. As in Keras they see the channels
// last, whatever DataFormat.
func (d RandomColorJitter) parts() (list []any) {
	const last = "channels_last"
	if d.BrightnessFactor != nil {
		list = append(list, RandomBrightness{Factor: d.BrightnessFactor, ValueRange: d.ValueRange, Seed: d.Seed, DataFormat: last})
	}
	if d.ContrastFactor != nil {
		list = append(list, RandomContrast{Factor: d.ContrastFactor, ValueRange: d.ValueRange, Seed: d.Seed, DataFormat: last})
	}
	if d.SaturationFactor != nil {
		list = append(list, RandomSaturation{Factor: d.SaturationFactor, ValueRange: d.ValueRange, Seed: d.Seed, DataFormat: last})
	}
	if d.HueFactor != nil {
		list = append(list, RandomHue{Factor: d.HueFactor, ValueRange: d.ValueRange, Seed: d.Seed, DataFormat: last})
	}
	return list
}

func (d RandomColorJitter) draw(c *Context, _ graph.Value) transformation {
	return func(x graph.Value) graph.Value {
		for _, part := range d.parts() {
			if done, err := spec.CompleteAny(part); err == nil { // Completed has seen to it
				x = done.(augmenter).draw(c, x)(x)
			}
		}
		return x
	}
}

var _ Layer = RandomColorJitter{}
