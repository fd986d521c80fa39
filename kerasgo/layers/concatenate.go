package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Concatenate joins its inputs along Axis; their other axes have equal lengths.
//
// The mask of the output joins the inputs' masks, where an input without a mask
// counts as unmasked.
type Concatenate struct {
	Axis                *int   `keras:"axis,pos,default=-1"` // axis along which the inputs are joined
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Concatenate](module, spec.Aliases("TFDConcat")) } // TFDConcat is FeatureSpace's

// Build checks the inputs.
func (d Concatenate) Build(b *Builder, in ...tensor.Shape) {
	b.dtype(d.DType)
	if len(in) == 0 {
		b.misfit("wants at least 1 input")
		return
	}
	axis, ok := b.axis(in[0], *d.Axis)
	if !ok {
		return
	}
	for _, s := range in {
		fits := len(s) == len(in[0])
		for i := 0; fits && i < len(s); i++ {
			fits = i == axis || s[i] == in[0][i]
		}
		if !fits {
			b.misfit("inputs of shapes %v and %v differ beside axis %d", shown(in[0]), shown(s), *d.Axis)
			return
		}
	}
}

// Call joins the inputs.
func (d Concatenate) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Concat(*d.Axis, in...)
}

// Mask joins the masks.
func (d Concatenate) Mask(c *Context, in ...graph.Value) graph.Value {
	if !slices.ContainsFunc(in, func(x graph.Value) bool { return c.Mask(x).OK() }) {
		return graph.Value{}
	}
	masks := make([]graph.Value, len(in))
	for i, x := range in {
		if masks[i] = elementMask(c, x, x); !masks[i].OK() {
			masks[i] = ops.Fill(c.Graph(), graph.Spec{DType: tensor.Float32, Shape: x.Shape()}, 1)
		}
	}
	return ops.Max(ops.Concat(*d.Axis, masks...), []int{-1}, false)
}

var (
	_ Layer  = Concatenate{}
	_ Masker = Concatenate{}
)
