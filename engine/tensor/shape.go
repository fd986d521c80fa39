package tensor

import (
	"slices"
	"strconv"
	"strings"
)

// Unknown marks a dimension that is not fixed, Keras's None.
const Unknown = -1

// Shape lists the lengths of a tensor's axes, outermost first. A scalar has an
// empty shape.
type Shape []int

// String prints the shape as Python prints a tuple: (), (3,), (None, 28, 28, 1).
func (s Shape) String() string {
	var b strings.Builder
	b.WriteByte('(')
	for i, d := range s {
		if i > 0 {
			b.WriteString(", ")
		}
		if d == Unknown {
			b.WriteString("None")
		} else {
			b.WriteString(strconv.Itoa(d))
		}
	}
	if len(s) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	return b.String()
}

// Rank returns the number of axes.
func (s Shape) Rank() int { return len(s) }

// Size returns the number of elements: the product of all lengths, 1 for a scalar.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// Last returns the length of the last axis, or 1 for a scalar.
func (s Shape) Last() int {
	if len(s) == 0 {
		return 1
	}
	return s[len(s)-1]
}

// Equal reports whether both shapes have the same axes.
func (s Shape) Equal(t Shape) bool { return slices.Equal(s, t) }

// Clone returns a copy that shares no memory with s.
func (s Shape) Clone() Shape { return slices.Clone(s) }

// Strides returns, for each axis, the distance in elements between neighbours.
func (s Shape) Strides() []int {
	st := make([]int, len(s))
	n := 1
	for i := len(s) - 1; i >= 0; i-- {
		st[i] = n
		n *= s[i]
	}
	return st
}

// Axis turns a possibly negative axis into one counted from the front. The
// second result is false when the axis is outside the shape.
func (s Shape) Axis(axis int) (int, bool) {
	if axis < 0 {
		axis += len(s)
	}
	return axis, axis >= 0 && axis < len(s)
}

// Broadcast returns the shape that two operands take together under NumPy's
// rule: axes are aligned at the end, and lengths must agree or be 1.
func Broadcast(a, b Shape) (Shape, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := a.Clone()
	off := len(a) - len(b)
	for i, d := range b {
		switch {
		case out[off+i] == d || d == 1:
		case out[off+i] == 1:
			out[off+i] = d
		default:
			return nil, false
		}
	}
	return out, true
}
