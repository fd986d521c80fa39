package ops

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// Einsum multiplies two operands and sums as the equation says, such as
// "bqm,mnh->bqnh": a letter names an axis, letters that both operands have are
// multiplied place by place, and those that the result lacks are summed over. An
// ellipsis in an operand and in the result stands for any further axes.
//
// It is made of one product of matrices, with transpositions where the order of
// the axes wants them.
func Einsum(equation string, a, b graph.Value) graph.Value {
	if broken(a) {
		return a
	}
	e, why := parseEinsum(equation, a.Shape(), b.Shape())
	if why != "" {
		return reject(a, "Einsum", "equation %q: %s", equation, why)
	}
	lengths := map[rune]int{}
	for i, x := range []value{a, b} {
		for k, l := range e.operand[i] {
			n := x.Shape()[k]
			if m, ok := lengths[l]; ok && m != n {
				return reject(a, "Einsum", "equation %q: axis %c has length %d in one operand of shapes %v and %v, and %d in the other", equation, l, m, a.Shape(), b.Shape(), n)
			}
			lengths[l] = n
		}
	}
	// What only one operand has and the result lacks is summed first.
	a, e.operand[0] = sumOut(a, e.operand[0], append(slices.Clone(e.operand[1]), e.result...))
	b, e.operand[1] = sumOut(b, e.operand[1], append(slices.Clone(e.operand[0]), e.result...))

	// The operand whose axes come first in the result makes its rows.
	first := func(l, other []rune) int {
		return slices.IndexFunc(e.result, func(r rune) bool { return slices.Contains(l, r) && !slices.Contains(other, r) })
	}
	if i, j := first(e.operand[0], e.operand[1]), first(e.operand[1], e.operand[0]); j >= 0 && (i < 0 || j < i) {
		a, b = b, a
		e.operand[0], e.operand[1] = e.operand[1], e.operand[0]
	}
	la, lb := e.operand[0], e.operand[1]
	in := func(list []rune) func(rune) bool { return func(r rune) bool { return slices.Contains(list, r) } }
	batch := filter(e.result, func(r rune) bool { return in(la)(r) && in(lb)(r) })
	rows := filter(la, func(r rune) bool { return !in(lb)(r) })
	cols := filter(lb, func(r rune) bool { return !in(la)(r) })
	inner := filter(la, func(r rune) bool { return in(lb)(r) && !in(e.result)(r) })
	size := func(list []rune) int {
		n := 1
		for _, l := range list {
			n *= lengths[l]
		}
		return n
	}
	x, transA := matrices(a, la, batch, rows, inner)
	y, transB := matrices(b, lb, batch, inner, cols)
	lead := []int{}
	if len(batch) > 0 {
		lead = []int{size(batch)}
	}
	stack := func(v value, m, n int) value { return Reshape(v, append(slices.Clone(lead), m, n)...) }
	m, n, k := size(rows), size(cols), size(inner)
	if transA {
		x = stack(x, k, m)
	} else {
		x = stack(x, m, k)
	}
	if transB {
		y = stack(y, n, k)
	} else {
		y = stack(y, k, n)
	}
	z := MatMulT(x, y, transA, transB)
	order := slices.Concat(batch, rows, cols)
	shape := make([]int, len(order))
	for i, l := range order {
		shape[i] = lengths[l]
	}
	return arrange(Reshape(z, shape...), order, e.result)
}

// einsum is an equation without ellipses: the letters of the axes.
type einsum struct {
	operand [2][]rune
	result  []rune
}

// parseEinsum reads an equation for operands of the given shapes, or says what is
// wrong with it.
func parseEinsum(equation string, shapes ...shape) (e einsum, why string) {
	left, right, ok := strings.Cut(strings.ReplaceAll(equation, " ", ""), "->")
	operands := strings.Split(left, ",")
	if !ok || len(operands) != 2 {
		return e, "wanted two operands and a result, such as \"ab,bc->ac\""
	}
	var more []rune // letters for an ellipsis; no equation has capital Greek ones
	expand := func(s string, rank int) []rune {
		before, after, dots := strings.Cut(s, "...")
		if !dots {
			return []rune(s)
		}
		if rank >= 0 {
			n := rank - len(before) - len(after)
			for len(more) < n {
				more = append(more, rune('Α'+len(more)))
			}
			return []rune(before + string(more[:max(n, 0)]) + after)
		}
		return []rune(before + string(more) + after)
	}
	for i, s := range operands {
		e.operand[i] = expand(s, len(shapes[i]))
	}
	e.result = expand(right, -1)
	for i, list := range [][]rune{e.operand[0], e.operand[1], e.result} {
		for k, l := range list {
			switch {
			case !('a' <= l && l <= 'z' || 'A' <= l && l <= 'Z' || slices.Contains(more, l)):
				return e, "axes are letters"
			case slices.Contains(list[:k], l):
				return e, "an axis is named twice in one operand, which is not supported"
			case i == 2 && !slices.Contains(e.operand[0], l) && !slices.Contains(e.operand[1], l):
				return e, "the result has an axis that no operand has"
			}
		}
		if i < 2 && len(list) != len(shapes[i]) {
			return e, "it does not fit an operand of shape " + shapes[i].String()
		}
	}
	return e, ""
}

func filter(list []rune, keep func(rune) bool) []rune {
	return slices.DeleteFunc(slices.Clone(list), func(r rune) bool { return !keep(r) })
}

// sumOut sums over the axes that are not among the others.
func sumOut(x value, axes, others []rune) (value, []rune) {
	var gone []int
	for i, l := range axes {
		if !slices.Contains(others, l) {
			gone = append(gone, i)
		}
	}
	if gone == nil {
		return x, axes
	}
	return Sum(x, gone, false), filter(axes, func(r rune) bool { return slices.Contains(others, r) })
}

// matrices returns x with its axes in the order batch, rows, cols, or with rows and
// cols exchanged where that is how they lie already.
func matrices(x value, axes, batch, rows, cols []rune) (y value, transposed bool) {
	straight := slices.Concat(batch, rows, cols)
	if !slices.Equal(axes, straight) && slices.Equal(axes, slices.Concat(batch, cols, rows)) {
		return x, true
	}
	return arrange(x, axes, straight), false
}

// arrange transposes x, whose axes are from, to the order to.
func arrange(x value, from, to []rune) value {
	if slices.Equal(from, to) || broken(x) {
		return x
	}
	perm := make([]int, len(to))
	for i, l := range to {
		perm[i] = slices.Index(from, l)
	}
	return Transpose(x, perm...)
}
