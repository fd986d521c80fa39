package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Multiply multiplies its inputs. A masked element counts as 1; where all inputs are
// masked the output is 0.
//
// The inputs broadcast; one with fewer axes gets axes of length 1 after the batch
// axis. The mask of the output is where any input is unmasked, if all have masks.
type Multiply struct {
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Multiply](module) }

// Build checks the inputs.
func (d Multiply) Build(b *Builder, in ...tensor.Shape) { b.mergeShape(d.DType, in) }

// Call combines the inputs.
func (d Multiply) Call(c *Context, in ...graph.Value) graph.Value {
	var y, mask graph.Value
	all := true
	for i, x := range widened(in) {
		m := elementMask(c, in[i], x)
		if m.OK() {
			x = ops.Where(m, x, ops.Scalar(x, 1))
			if mask.OK() {
				m = ops.Or(mask, m)
			}
			mask = m
		} else {
			all = false
		}
		if i == 0 {
			y = x
		} else {
			y = ops.Mul(y, x)
		}
	}
	if all {
		y = ops.Where(mask, y, ops.Scalar(y, 0))
	}
	return y
}

// Mask is where any input is unmasked.
func (d Multiply) Mask(c *Context, in ...graph.Value) graph.Value { return anyMask(c, in) }

var (
	_ Layer  = Multiply{}
	_ Masker = Multiply{}
)
