package operations

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Norm]("linalg")
}

// Norm computes a norm along one axis (of vectors), two axes (of matrices) or of all elements: by default the root of the sum of squares.
type Norm struct {
	ofX
	Name     string    `keras:"name"`
	Ord      any       `keras:"ord"`                    // order: a number, "fro", "inf" or "-inf"; None is 2 for vectors, "fro" for matrices
	Axis     spec.Ints `keras:"axis"`                   // axes of the vector or the matrix; None is all
	Keepdims bool      `keras:"keepdims,default=false"` // axes that are taken together stay, with length 1
}

func (o Norm) Call(c *Call) []Value { return o.norm(c) }

// norm follows numpy.linalg.norm.
func (o Norm) norm(c *Call) []Value {
	x := c.X(0)
	dtype, rank := realType(x.DType), len(x.Shape())
	v, axes := x.to(dtype).Value, c.axes(o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	abs := ops.Abs(v)
	euclid := func() []Value { return one(ops.Sqrt(ops.Sum(ops.Square(v), axes, o.Keepdims)), dtype) }
	ord := fmt.Sprint(o.Ord)
	switch {
	case o.Ord == nil || ord == "fro" && len(axes) == 2 || ord == "2" && len(axes) == 1:
		return euclid()
	case len(axes) == 1:
		return one(o.vector(c, ord, v, abs, axes), dtype)
	case len(axes) == 2 && (ord == "1" || ord == "-1" || ord == "inf" || ord == "-inf"):
		along, over := axes[0], axes[1]
		if ord == "inf" || ord == "-inf" {
			along, over = over, along
		}
		f := ops.Max
		if ord == "-1" || ord == "-inf" {
			f = ops.Min
		}
		y := f(ops.Sum(abs, []int{along}, true), []int{over}, true)
		if !o.Keepdims {
			y = ops.Reshape(y, without(y.Shape(), axes)...)
		}
		return one(y, dtype)
	case len(axes) == 2 && (ord == "2" || ord == "-2" || ord == "nuc"):
		return one(o.spectral(ord, v, axes), dtype)
	}
	return c.failed("ord %v of %d axes is not supported", o.Ord, len(axes))
}

// spectral returns the largest singular value of matrices, the smallest (-2), or their sum ("nuc").
func (o Norm) spectral(ord string, v graph.Value, axes []int) graph.Value {
	var order []int
	for i := range v.Shape() {
		if !slices.Contains(axes, i) {
			order = append(order, i)
		}
	}
	_, s, _ := ops.SVD(ops.Transpose(v, append(order, axes...)...), false)
	f := map[string]func(graph.Value, []int, bool) graph.Value{"2": ops.Max, "-2": ops.Min, "nuc": ops.Sum}[ord]
	y := f(s, []int{-1}, false)
	if o.Keepdims {
		shape := v.Shape().Clone()
		for _, a := range axes {
			shape[a] = 1
		}
		y = ops.Reshape(y, shape...)
	}
	return y
}

func (o Norm) vector(c *Call, ord string, v, abs graph.Value, axes []int) graph.Value {
	switch ord {
	case "inf":
		return ops.Max(abs, axes, o.Keepdims)
	case "-inf":
		return ops.Min(abs, axes, o.Keepdims)
	case "0":
		return ops.Cast(ops.Sum(ops.NotEqual(v, ops.Scalar(v, 0)), axes, o.Keepdims), v.DType())
	case "1":
		return ops.Sum(abs, axes, o.Keepdims)
	}
	var p float64
	if _, err := fmt.Sscan(ord, &p); err != nil {
		c.fail("there is no ord %v of vectors", o.Ord)
		return v
	}
	return ops.PowScalar(ops.Sum(ops.PowScalar(abs, p), axes, o.Keepdims), 1/p)
}
