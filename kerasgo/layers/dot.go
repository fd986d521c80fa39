package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Dot multiplies two inputs element by element along an axis of each and sums over
// it, for every sample, and for every combination of places along the other axes.
//
// Inputs (batch, a…, n, a'…) and (batch, b…, n, b'…), output (batch, a…, a'…, b…,
// b'…), or (batch, 1) when nothing else is left.
type Dot struct {
	Axes                spec.Ints `keras:"axes,pos,required"` // the summed axis of both inputs, or one for each
	Normalize           bool      `keras:"normalize"`         // whether vectors along the axes are divided by their lengths first
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Dot](module) }

// Build checks the inputs.
func (d Dot) Build(b *Builder, in ...tensor.Shape) {
	b.dtype(d.DType)
	switch {
	case len(in) != 2:
		b.misfit("wants 2 inputs, got %d", len(in))
		return
	case len(d.Axes) != 1 && len(d.Axes) != 2:
		b.Errorf("axes %v wants one axis, or one for each input", tupleOf(d.Axes))
		return
	}
	var at [2]int
	for i, s := range in {
		var ok bool
		if at[i], ok = b.axis(s, d.Axes[i%len(d.Axes)]); !ok {
			return
		}
		if at[i] == 0 {
			b.Errorf("axes %v: axis 0 is the batch axis", tupleOf(d.Axes))
			return
		}
	}
	if in[0][0] != in[1][0] || in[0][at[0]] != in[1][at[1]] {
		b.misfit("axes %v of inputs %v and %v differ in length", tupleOf(d.Axes), shown(in[0]), shown(in[1]))
	}
}

// Call multiplies and sums.
func (d Dot) Call(_ *Context, in ...graph.Value) graph.Value {
	var m [2]graph.Value
	out := tensor.Shape{in[0].Shape()[0]}
	for i, x := range in {
		axis, _ := x.Shape().Axis(d.Axes[i%len(d.Axes)])
		if d.Normalize {
			square := ops.Sum(ops.Square(x), []int{axis}, true)
			x = ops.Mul(x, ops.Rsqrt(ops.MaximumScalar(square, 1e-24)))
		}
		// (batch, other places, summed axis)
		rest := slices.DeleteFunc(axesOf(x)[1:], func(a int) bool { return a == axis })
		places := 1
		for _, a := range rest {
			out = append(out, x.Shape()[a])
			places *= x.Shape()[a]
		}
		perm := append(append([]int{0}, rest...), axis)
		m[i] = ops.Reshape(ops.Transpose(x, perm...), x.Shape()[0], places, x.Shape()[axis])
	}
	if len(out) == 1 {
		out = append(out, 1)
	}
	return ops.Reshape(ops.MatMulT(m[0], m[1], false, true), out...)
}

var _ Layer = Dot{}
