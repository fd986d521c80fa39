package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Reshape gives the axes after the first another shape of the same size. One
// length may be -1 and is then worked out.
//
// Input (batch, …), output (batch, TargetShape…).
type Reshape struct {
	TargetShape         []int  `keras:"target_shape,pos,required"` // shape without the batch axis
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Reshape](module) }

// Build checks the input.
func (d Reshape) Build(b *Builder, in ...tensor.Shape) {
	if s, ok := b.input(in, d.DType, "batch", "..."); ok {
		d.target(b.misfit, s)
	}
}

// Call reshapes.
func (d Reshape) Call(c *Context, in ...graph.Value) graph.Value {
	s := in[0].Shape()
	return ops.Reshape(in[0], append([]int{s[0]}, d.target(c.Errorf, s)...)...)
}

// target returns TargetShape with -1 worked out.
func (d Reshape) target(fail func(string, ...any), s tensor.Shape) tensor.Shape {
	t, free, n, size := tensor.Shape(d.TargetShape).Clone(), -1, 1, s[1:].Size()
	for i, k := range t {
		switch {
		case k == -1 && free < 0:
			free = i
		case k < 0:
			fail("target_shape %v may hold -1 once, and no other negative length", tupleOf(d.TargetShape))
			return t
		default:
			n *= k
		}
	}
	if free >= 0 && n > 0 && size%n == 0 {
		t[free] = size / n
		n = size
	}
	if n != size {
		fail("target_shape %v does not fit its input %v: %d elements for each sample", tupleOf(d.TargetShape), shown(s), size)
	}
	return t
}

var _ Layer = Reshape{}
