package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// MaxNumBoundingBoxes returns its images as they are. In Keras it cuts or fills the
// list of bounding boxes that a dictionary has beside the images; a layer here sees
// only images.
//
// Input and output (batch, height, width, channels).
type MaxNumBoundingBoxes struct {
	MaxNumber           int    `keras:"max_number,pos,required,min=1"`                                       // boxes for each image
	FillValue           int    `keras:"fill_value,default=-1,noconfig"`                                      // of boxes that are added; Keras's configuration lacks it
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
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
