package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Rescaling computes x·Scale + Offset, such as 1/255 for pixels.
//
// Input and output have one shape. Scale and Offset are numbers, or lists of
// numbers with one for each element of the last axis.
type Rescaling struct {
	Scale               any    `keras:"scale,pos,required"` // number or list of numbers
	Offset              any    `keras:"offset,default=0.0"` // number or list of numbers
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Rescaling](module) }

// Build checks the arguments.
func (d Rescaling) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType)
	if !ok {
		return
	}
	for _, arg := range []struct {
		name string
		v    any
	}{{"scale", d.Scale}, {"offset", d.Offset}} {
		t, err := numbers(arg.v)
		switch {
		case err != nil:
			b.Errorf("%s %v", arg.name, err)
		case t.Size() != 1 && t.Size() != s.Last():
			b.misfit("%s has %d numbers, the last axis of its input %v has %d", arg.name, t.Size(), shown(s), s.Last())
		}
	}
}

// Call scales.
func (d Rescaling) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	scale, err1 := numbers(d.Scale)
	offset, err2 := numbers(d.Offset)
	if err1 != nil || err2 != nil {
		return x // Build has reported it
	}
	if x.DType() != tensor.Float32 && x.DType() != tensor.Float64 {
		x = ops.Cast(x, tensor.Float32)
	}
	y := ops.Mul(x, ops.Const(c.Graph(), scale.Cast(x.DType())))
	if offset.Size() == 1 && offset.Float64At(0) == 0 {
		return y
	}
	return ops.Add(y, ops.Const(c.Graph(), offset.Cast(x.DType())))
}

// PassesMask keeps the mask.
func (Rescaling) PassesMask() {}

var _ Layer = Rescaling{}

// numbers reads a number or a list of numbers: a tensor of rank 0 or 1.
func numbers(v any) (*tensor.Tensor, error) {
	switch x := v.(type) {
	case float64:
		return tensor.Scalar(x), nil
	case int:
		return tensor.Scalar(float64(x)), nil
	case []float64:
		return tensor.From(x), nil
	case []any:
		list := make([]float64, len(x))
		for i, e := range x {
			n, err := numbers(e)
			if err != nil || n.Shape().Rank() != 0 {
				return nil, fmt.Errorf("wants numbers, got %v", e)
			}
			list[i] = n.Float64At(0)
		}
		return tensor.From(list), nil
	}
	return nil, fmt.Errorf("wants a number or a list of numbers, got %v", v)
}
