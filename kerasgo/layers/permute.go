package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Permute reorders the axes after the first: output axis i is input axis Dims[i-1],
// counted from 1.
//
// Input (batch, d₁, d₂, …), output (batch, d of Dims[0], d of Dims[1], …).
type Permute struct {
	Dims                []int  `keras:"dims,pos,required,min=1"` // a permutation of 1…n
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Permute](module) }

// Build checks the permutation.
func (d Permute) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	for i := range d.Dims {
		if !slices.Contains(d.Dims, i+1) {
			b.Errorf("dims %v is no permutation of 1 to %d", tupleOf(d.Dims), len(d.Dims))
			return
		}
	}
	if len(s)-1 != len(d.Dims) {
		b.misfit("dims %v does not fit its input %v", tupleOf(d.Dims), shown(s))
	}
}

// Call transposes.
func (d Permute) Call(_ *Context, in ...graph.Value) graph.Value {
	return ops.Transpose(in[0], append([]int{0}, d.Dims...)...)
}

var _ Layer = Permute{}
