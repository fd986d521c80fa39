package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// PadOp surrounds its input with a value: on each axis, Before elements in front,
// After behind and Interior between every two neighbours.
type PadOp struct {
	Before, After, Interior graph.Dims
	Value                   float64
}

// Infer wants a count on every axis, none of them negative.
func (o PadOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Pad", in, 1); err != nil {
		return nil, err
	}
	if err := wantNumber("Pad", in...); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if o.Before.Len() != len(s) || o.After.Len() != len(s) || o.Interior.Len() != len(s) {
		return nil, misfit("Pad", "%d pairs for %v, which has %d axes", o.Before.Len(), s, len(s))
	}
	to := s.Clone()
	for i, d := range s {
		if o.Before.At(i) < 0 || o.After.At(i) < 0 || o.Interior.At(i) < 0 {
			return nil, misfit("Pad", "negative count on axis %d", i)
		}
		to[i] += o.Before.At(i) + o.After.At(i) + max(0, d-1)*o.Interior.At(i)
	}
	return one(in[0].DType, to)
}

// Gradient cuts the elements out again.
func (o PadOp) Gradient(in, out, dout []value) []value {
	steps := o.Interior.List()
	for i := range steps {
		steps[i]++
	}
	return []value{SliceStep(dout[0], o.Before.List(), in[0].Shape(), steps)}
}

// Eval fills, then copies with the output's strides times the steps.
func (o PadOp) Eval(out, in []array) {
	fill(out[0], o.Value)
	to := lane{strides: out[0].Shape().Strides()}
	for i := range to.strides {
		to.base += o.Before.At(i) * to.strides[i]
		to.strides[i] *= o.Interior.At(i) + 1
	}
	s := in[0].Shape()
	copyStrided(out[0], in[0], s, to, dense(s))
}

// fill sets every element.
func fill(t array, v float64) {
	switch t.DType() {
	case tensor.Float32:
		fillElements(t.Float32s(), float32(v))
	case tensor.Float64:
		fillElements(t.Float64s(), v)
	case tensor.Int32:
		fillElements(t.Int32s(), int32(v))
	case tensor.Int64:
		fillElements(tensor.Data[int64](t), int64(v))
	}
}

func fillElements[T number](d []T, v T) {
	for i := range d {
		d[i] = v
	}
}

// Pad surrounds x with a value: on axis i, pads[i][0] elements in front and
// pads[i][1] behind.
func Pad(x graph.Value, pads [][2]int, value float64) graph.Value {
	before, after := make([]int, len(pads)), make([]int, len(pads))
	none := true
	for i, p := range pads {
		before[i], after[i] = p[0], p[1]
		none = none && p == [2]int{}
	}
	if broken(x) || tooLong(x, "Pad", before) || none && len(pads) == x.Shape().Rank() {
		return x
	}
	return graph.Apply1(PadOp{graph.MakeDims(before...), graph.MakeDims(after...), graph.MakeDims(make([]int, len(pads))...), value}, x)
}

var _ graph.Op = PadOp{}
