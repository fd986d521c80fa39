package layers

import (
	"errors"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// nested reads a number or lists of numbers of any depth.
func nested(v any) (*tensor.Tensor, error) {
	switch x := v.(type) {
	case *tensor.Tensor:
		return x.Cast(tensor.Float64), nil
	case []float64:
		return tensor.From(x), nil
	case [][]float64:
		list := make([]any, len(x))
		for i := range x {
			list[i] = x[i]
		}
		return nested(list)
	case []any:
		var data []float64
		var inner tensor.Shape
		for i, e := range x {
			t, err := nested(e)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				inner = t.Shape()
			}
			if !t.Shape().Equal(inner) {
				return nil, errors.New("has lists of different lengths")
			}
			data = append(data, t.Float64s()...)
		}
		return tensor.From(data, append([]int{len(x)}, inner...)...), nil
	}
	t, err := numbers(v)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// listOf is the inverse of nested.
func listOf(t *tensor.Tensor) any {
	if t.Shape().Rank() == 0 {
		return t.Float64At(0)
	}
	list := make([]any, t.Len())
	for i := range list {
		list[i] = listOf(t.Slice(i, i+1).Reshape(t.Shape()[1:]...))
	}
	return list
}
