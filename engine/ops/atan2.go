package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Atan2Op computes the angle, from -π to π, of the points whose ordinates are its
// first input and whose abscissas its second, element by element.
type Atan2Op struct{}

// Infer wants two inputs of one float type and shape.
func (Atan2Op) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Atan2", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("Atan2", in...); err != nil {
		return nil, err
	}
	if !in[0].Shape.Equal(in[1].Shape) {
		return nil, misfit("Atan2", "shapes %v and %v differ", in[0].Shape, in[1].Shape)
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient divides by the square of the distance from the origin.
func (Atan2Op) Gradient(in, out, dout []value) []value {
	y, x := in[0], in[1]
	f := Div(dout[0], Add(Square(x), Square(y)))
	return []value{Mul(f, x), Neg(Mul(f, y))}
}

// Eval computes element by element.
func (Atan2Op) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		atan2[float32](out[0], in[0], in[1])
	} else {
		atan2[float64](out[0], in[0], in[1])
	}
}

func atan2[T float](out, a, b array) {
	y, x, angle := tensor.Data[T](a), tensor.Data[T](b), tensor.Data[T](out)
	for i := range angle {
		angle[i] = T(math.Atan2(float64(y[i]), float64(x[i])))
	}
}

// Atan2 returns the angles, from -π to π, of points (x, y). The shapes must agree.
func Atan2(y, x graph.Value) graph.Value { return graph.Apply1(Atan2Op{}, y, x) }

var _ graph.Op = Atan2Op{}
