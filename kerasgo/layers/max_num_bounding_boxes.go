package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// MaxNumBoundingBoxes returns its images as they are; keras.Augment has it cut or fill up
// the lists of bounding boxes beside them.
//
// Input and output (batch, height, width, channels).
type MaxNumBoundingBoxes struct {
	MaxNumber           int    `keras:"max_number,pos,required,min=1"`                                                                                          // boxes for each image
	FillValue           int    `keras:"fill_value,default=-1,noconfig"`                                                                                         // of boxes that are added; Keras's configuration lacks it
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[MaxNumBoundingBoxes](module) }

// Build checks the input.
func (d MaxNumBoundingBoxes) Build(b *Builder, in ...tensor.Shape) {
	b.pixels(in, d.DType, d.DataFormat)
}

// Call returns the images.
func (d MaxNumBoundingBoxes) Call(_ *Context, in ...graph.Value) graph.Value { return in[0] }

var _ Layer = MaxNumBoundingBoxes{}
