package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// MaxPooling1D takes the largest of each window, for every channel on its own.
//
// Input (batch, steps, channels), output (batch, t, channels),
// or with channels after batch for channels_first. With padding "valid" t is
// ⌊(steps - k)/s⌋ + 1; with "same" it is ⌈steps/s⌉. Padding never wins.
type MaxPooling1D struct {
	PoolSize            int    `keras:"pool_size,pos,default=2,min=1"`                                       // length of the window
	Padding             string `keras:"padding,default=valid,enum=valid|same"`                               // see above
	Strides             int    `keras:"strides,default=@pool_size,min=1"`                                    // step of the window; default PoolSize
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[MaxPooling1D](module, spec.Aliases("MaxPool1D")) }

func (d MaxPooling1D) pool() pool {
	return pool{1, [2]int{1, d.PoolSize}, [2]int{1, d.Strides}, d.Padding, d.DataFormat}
}

// Build checks the input.
func (d MaxPooling1D) Build(b *Builder, in ...tensor.Shape) { d.pool().build(b, in, d.DType) }

// Call pools.
func (d MaxPooling1D) Call(_ *Context, in ...graph.Value) graph.Value {
	return d.pool().apply(in[0], ops.MaxPool2D)
}

var _ Layer = MaxPooling1D{}
