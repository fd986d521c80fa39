package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// MatMulAlong multiplies x by a matrix along one axis: with m of shape (from, to),
// the axis, which is from long, becomes to long, and every line of x along it is a
// row vector times m. Resizing, averaging over windows and Fourier transforms are
// such products.
func MatMulAlong(x, m graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "MatMulAlong", axis)
	if !ok {
		return x
	}
	s := x.Shape()
	last := len(s) - 1
	if a != last {
		return exchange(MatMulAlong(exchange(x, a, last), m, last), a, last)
	}
	rows := s[:last].Size()
	y := MatMul(Reshape(x, rows, s[last]), m)
	if broken(y) {
		return y
	}
	return Reshape(y, append(s[:last].Clone(), y.Shape()[1])...)
}

// exchange swaps two axes.
func exchange(x value, a, b int) value {
	if broken(x) {
		return x
	}
	perm := make([]int, len(x.Shape()))
	for i := range perm {
		perm[i] = i
	}
	perm[a], perm[b] = b, a
	return Transpose(x, perm...)
}
