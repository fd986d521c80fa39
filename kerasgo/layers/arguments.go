package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// ArgumentTaker is a layer that takes its inputs by name, some of which may be left
// out, as MultiHeadAttention takes query, value and key. Build and Call get them in
// the order of Arguments, up to the last one given: a nil Shape or a zero Value
// stands for one that is left out before it.
type ArgumentTaker interface{ Arguments() []string }

// BuiltByFirst marks an ArgumentTaker that Keras builds for the shape of its first input.
type BuiltByFirst interface{ BuiltByFirst() }

// OptionTaker is a layer whose call takes yes or no by name, such as
// use_causal_mask. Context.Option tells which was given.
type OptionTaker interface{ Options() []string }

// Grouper is a layer whose children have other names in the groups of Keras's
// .keras and .weights.h5 files than in the paths of their weights.
type Grouper interface{ Group(child string) string }

// MaskTaker is a layer whose call takes a mask: it is what Context.Mask returns for the
// input, whatever came with that.
type MaskTaker interface{ TakesMask() }

// Option reports whether the layer was called with the option.
func (c *Context) Option(name string) bool { return slices.Contains(c.env.Options, name) }

// argument returns item i of what an ArgumentTaker gets, or the zero of its type.
func argument[T any](in []T, i int) (x T) {
	if i < len(in) {
		x = in[i]
	}
	return x
}

// either returns a, or b if a is none.
func either(a, b graph.Value) graph.Value {
	if a.OK() {
		return a
	}
	return b
}
