package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TakeAlongOp takes elements of its first input along an axis by the int32 places
// in its second, which has the result's shape.
type TakeAlongOp struct{ Axis int }

// ScatterAlongOp makes an array whose axis is Length long and adds each element
// of its first input at its place in the second. It is TakeAlongOp's gradient.
type ScatterAlongOp struct{ Axis, Length int }

// Infer wants shapes that agree outside the axis.
func (o TakeAlongOp) Infer(in []spec) ([]spec, error) {
	if err := wantAlong("TakeAlong", in, o.Axis); err != nil {
		return nil, err
	}
	want := in[0].Shape.Clone()
	if len(in[1].Shape) == len(want) {
		want[o.Axis] = in[1].Shape[o.Axis]
	}
	if !in[1].Shape.Equal(want) {
		return nil, misfit("TakeAlong", "shapes %v and %v differ outside axis %d", in[0].Shape, in[1].Shape, o.Axis)
	}
	return one(in[0].DType, in[1].Shape)
}

// Infer wants updates and places of one shape.
func (o ScatterAlongOp) Infer(in []spec) ([]spec, error) {
	if err := wantAlong("ScatterAlong", in, o.Axis); err != nil {
		return nil, err
	}
	if !in[0].Shape.Equal(in[1].Shape) {
		return nil, misfit("ScatterAlong", "shapes %v and %v differ", in[0].Shape, in[1].Shape)
	}
	s := in[0].Shape.Clone()
	s[o.Axis] = o.Length
	return one(in[0].DType, s)
}

func wantAlong(op string, in []spec, axis int) error {
	if err := wantInputs(op, in, 2); err != nil {
		return err
	}
	if err := wantNumber(op, in[0]); err != nil {
		return err
	}
	if in[1].DType != tensor.Int32 {
		return misfit(op, "places must be int32, got %v; use Cast", in[1])
	}
	if axis < 0 || axis >= len(in[0].Shape) {
		return misfit(op, "axis %d is outside %v", axis, in[0].Shape)
	}
	return nil
}

// Gradient scatters back.
func (o TakeAlongOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(ScatterAlongOp{o.Axis, in[0].Shape()[o.Axis]}, dout[0], in[1]), {}}
}

// Gradient takes back.
func (o ScatterAlongOp) Gradient(in, out, dout []value) []value {
	return []value{TakeAlong(dout[0], in[1], o.Axis), {}}
}

// Eval takes element by element. It panics with *tensor.ShapeError on a place
// outside the axis.
func (o TakeAlongOp) Eval(out, in []array) {
	switch out[0].DType() {
	case tensor.Float32:
		takeAlong[float32](o, out[0], in[0], in[1])
	case tensor.Float64:
		takeAlong[float64](o, out[0], in[0], in[1])
	case tensor.Int32:
		takeAlong[int32](o, out[0], in[0], in[1])
	case tensor.Int64:
		takeAlong[int64](o, out[0], in[0], in[1])
	}
}

func takeAlong[T number](o TakeAlongOp, out, in, places array) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	_, n, inner := span(in.Shape(), o.Axis)
	take := places.Shape()[o.Axis]
	for i, p := range places.Int32s() {
		y[i] = x[(i/(take*inner)*n+rowOf("TakeAlong", p, n))*inner+i%inner]
	}
}

// Eval adds element by element.
func (o ScatterAlongOp) Eval(out, in []array) {
	switch out[0].DType() {
	case tensor.Float32:
		scatterAlong[float32](o, out[0], in[0], in[1])
	case tensor.Float64:
		scatterAlong[float64](o, out[0], in[0], in[1])
	case tensor.Int32:
		scatterAlong[int32](o, out[0], in[0], in[1])
	case tensor.Int64:
		scatterAlong[int64](o, out[0], in[0], in[1])
	}
}

func scatterAlong[T number](o ScatterAlongOp, out, in, places array) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	acc := make([]float64, len(y))
	_, take, inner := span(in.Shape(), o.Axis)
	for i, p := range places.Int32s() {
		acc[(i/(take*inner)*o.Length+rowOf("ScatterAlong", p, o.Length))*inner+i%inner] += float64(x[i])
	}
	store(y, acc)
}

// TakeAlong takes elements of x along an axis by int32 places, as
// numpy.take_along_axis does. The shapes must agree outside the axis.
func TakeAlong(x, places graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "TakeAlong", axis)
	if !ok {
		return x
	}
	return graph.Apply1(TakeAlongOp{a}, x, places)
}

var (
	_ graph.Op = TakeAlongOp{}
	_ graph.Op = ScatterAlongOp{}
)
