package operations

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// axis resolves an axis of a shape of the given rank.
func (c *Call) axis(axis, rank int) int {
	if axis < -rank || axis >= rank {
		c.fail("axis %d of a tensor of rank %d", axis, rank)
		return 0
	}
	if axis < 0 {
		axis += rank
	}
	return axis
}

// axes resolves axes; none means all.
func (c *Call) axes(list []int, rank int) []int {
	out := []int{}
	if len(list) == 0 {
		for i := range rank {
			out = append(out, i)
		}
		return out
	}
	for _, a := range list {
		out = append(out, c.axis(a, rank))
	}
	return out
}

// intsOf returns an argument that must be a list of whole numbers known when the
// model is made.
func (c *Call) intsOf(i int) []int {
	var out []int
	var walk func(a any) bool
	walk = func(a any) bool {
		switch a := a.(type) {
		case int:
			out = append(out, a)
		case []any:
			for _, x := range a {
				if !walk(x) {
					return false
				}
			}
		case *tensor.Tensor:
			if a.DType().Float() {
				return false
			}
			for k := range a.Size() {
				out = append(out, int(a.Float64At(k)))
			}
		default:
			return false
		}
		return true
	}
	if !walk(c.Arg(i)) {
		c.fail("argument %d must be whole numbers known when the model is made, not %s", i, describe(c.Arg(i)))
	}
	return out
}

// numbersOf returns an argument that must be a list of numbers known when the model is made.
func (c *Call) numbersOf(i int) []float64 {
	var out []float64
	switch a := c.Arg(i).(type) {
	case []any:
		for k := range a {
			out = append(out, NewCall(c.graph, a).Number(k, 0))
		}
	case *tensor.Tensor:
		for k := range a.Size() {
			out = append(out, a.Float64At(k))
		}
	default:
		c.fail("argument %d must be numbers known when the model is made, not %s", i, describe(a))
	}
	return out
}

func describe(a any) string {
	switch a.(type) {
	case nil:
		return "nothing"
	case Value:
		return "a tensor of the model"
	}
	return fmt.Sprintf("%v", a)
}
