package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// mergeShape checks the inputs of a layer that combines its inputs element by
// element. They broadcast; one with fewer axes gets axes of length 1 after the
// batch axis.
func (b *Builder) mergeShape(dtype string, in []tensor.Shape) {
	b.dtype(dtype)
	if len(in) == 0 {
		b.misfit("wants at least 1 input")
		return
	}
	all := in[0]
	rank := maxRank(in)
	for _, s := range in {
		if len(s) == 0 || s[0] != in[0][0] {
			b.misfit("inputs %v and %v differ in their number of samples", in[0], s)
			return
		}
		next, ok := tensor.Broadcast(widen(all, rank), widen(s, rank))
		if !ok {
			b.misfit("inputs of shapes %v and %v do not broadcast", shown(in[0]), shown(s))
			return
		}
		all = next
	}
}

func maxRank(in []tensor.Shape) int {
	rank := 0
	for _, s := range in {
		rank = max(rank, len(s))
	}
	return rank
}

// widen inserts axes of length 1 after the first.
func widen(s tensor.Shape, rank int) tensor.Shape {
	s = s.Clone()
	for len(s) < rank {
		s = slices.Insert(s, 1, 1)
	}
	return s
}

// widened gives all inputs the same number of axes.
func widened(in []graph.Value) []graph.Value {
	shapes := make([]tensor.Shape, len(in))
	for i, x := range in {
		shapes[i] = x.Shape()
	}
	rank := maxRank(shapes)
	out := slices.Clone(in)
	for i, x := range out {
		if len(shapes[i]) < rank {
			out[i] = ops.Reshape(x, widen(shapes[i], rank)...)
		}
	}
	return out
}

// fold combines the inputs from left to right.
func fold(f func(a, b graph.Value) graph.Value, in []graph.Value) graph.Value {
	y := in[0]
	for _, x := range in[1:] {
		y = f(y, x)
	}
	return y
}

// anyMask is the mask of a merged value: where any input is unmasked. Without a
// mask on every input there is none.
func anyMask(c *Context, in []graph.Value) graph.Value {
	var all graph.Value
	for _, x := range in {
		m := c.Mask(x)
		switch {
		case !m.OK():
			return graph.Value{}
		case !all.OK():
			all = m
		default:
			all = ops.Or(all, m)
		}
	}
	return all
}

// elementMask returns the mask of x with x's shape, or a zero Value.
func elementMask(c *Context, in, x graph.Value) graph.Value {
	m := c.Mask(in)
	if !m.OK() {
		return m
	}
	return ops.BroadcastTo(ops.ExpandDims(m, -1), x.Shape()...)
}

// extremum folds with Maximum or Minimum, leaving masked elements out where
// another input has a value.
func extremum(c *Context, f func(a, b graph.Value) graph.Value, in []graph.Value) graph.Value {
	var y, mask graph.Value
	for i, x := range widened(in) {
		m := elementMask(c, in[i], x)
		if i == 0 {
			y, mask = x, m
			continue
		}
		if m.OK() {
			x = ops.Where(m, x, y)
		}
		if mask.OK() {
			y = ops.Where(mask, y, x)
		}
		if m.OK() && mask.OK() {
			mask = ops.Or(mask, m)
		} else {
			mask = graph.Value{}
		}
		y = f(y, x)
	}
	return y
}
