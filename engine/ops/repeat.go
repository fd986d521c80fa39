package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// Repeat repeats each element of x n times along an axis: [a b] becomes [a a b b].
func Repeat(x graph.Value, n, axis int) graph.Value {
	a, ok := axisOf(x, "Repeat", axis)
	if !ok {
		return x
	}
	if n < 0 {
		return reject(x, "Repeat", "n is %d", n)
	}
	wide := slices.Insert(x.Shape().Clone(), a+1, n)
	to := x.Shape().Clone()
	to[a] *= n
	return Reshape(BroadcastTo(ExpandDims(x, a+1), wide...), to...)
}
