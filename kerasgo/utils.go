package keras

import (
	"errors"
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ToCategorical turns class numbers into one-hot rows: shape (n,) or (n, 1) into
// (n, numClasses), float64 as Keras makes them. With numClasses 0 the largest
// number decides. A number outside [0, numClasses) is an error.
func ToCategorical(y *tensor.Tensor, numClasses int) (*tensor.Tensor, error) {
	if err := checkNumbers(y); err != nil {
		return nil, fmt.Errorf("keras: ToCategorical: %w", err)
	}
	if numClasses < 0 {
		return nil, fmt.Errorf("keras: ToCategorical: %d classes", numClasses)
	}
	shape := y.Shape().Clone()
	if len(shape) > 1 && shape.Last() == 1 {
		shape = shape[:len(shape)-1]
	}
	largest := -1
	for i := range y.Size() {
		v := y.Float64At(i)
		if v < 0 || v != math.Trunc(v) {
			return nil, fmt.Errorf("keras: ToCategorical: element %d is %v; class numbers are integers from 0", i, v)
		}
		largest = max(largest, int(v))
	}
	if numClasses == 0 {
		numClasses = largest + 1
	}
	if largest >= numClasses {
		return nil, fmt.Errorf("keras: ToCategorical: class %d is outside 0…%d", largest, numClasses-1)
	}
	out := tensor.New(tensor.Float64, append(shape, numClasses)...)
	for i := range y.Size() {
		out.Float64s()[i*numClasses+int(y.Float64At(i))] = 1
	}
	return out, nil
}

func checkNumbers(t *tensor.Tensor) error {
	switch {
	case t == nil:
		return errors.New("the tensor is nil")
	case t.DType() == tensor.String:
		return errors.New("the tensor holds strings")
	}
	return nil
}

// Normalize divides x by its norm along an axis; order 2 is the Euclidean norm, 1
// the sum of absolute values. Vectors of zeros stay. Keras's keras.utils.normalize.
func Normalize(x *tensor.Tensor, axis, order int) (*tensor.Tensor, error) {
	if err := checkNumbers(x); err != nil {
		return nil, fmt.Errorf("keras: Normalize: %w", err)
	}
	if order == 0 {
		order = 2
	}
	a, ok := x.Shape().Axis(axis)
	if !ok {
		return nil, fmt.Errorf("keras: Normalize: axis %d is outside %v", axis, x.Shape())
	}
	if order < 1 {
		return nil, fmt.Errorf("keras: Normalize: order %d; wanted 1 or more", order)
	}
	dtype := x.DType()
	if !dtype.Float() {
		dtype = tensor.Float64
	}
	out := tensor.New(dtype, x.Shape()...)
	outer, n, inner := x.Shape()[:a].Size(), x.Shape()[a], x.Shape()[a+1:].Size()
	for o := range outer {
		for i := range inner {
			norm := 0.0
			for k := range n {
				norm += math.Pow(math.Abs(x.Float64At((o*n+k)*inner+i)), float64(order))
			}
			norm = math.Pow(norm, 1/float64(order))
			if norm == 0 {
				norm = 1
			}
			for k := range n {
				at := (o*n+k)*inner + i
				out.SetFloat64At(at, x.Float64At(at)/norm)
			}
		}
	}
	return out, nil
}
