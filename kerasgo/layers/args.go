package layers

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"

	// The layers' tags name classes of these packages.
	_ "github.com/kerasgo/kerasgo/kerasgo/activations"
	_ "github.com/kerasgo/kerasgo/kerasgo/constraints"
	_ "github.com/kerasgo/kerasgo/kerasgo/initializers"
)

// module is what Keras calls this package.
const module = "keras.layers"

// shapeError is an input that does not fit; it matches graph.ErrShape.
type shapeError string

func (e shapeError) Error() string        { return string(e) }
func (e shapeError) Is(target error) bool { return target == graph.ErrShape }

// misfit records that the input's shape does not fit the layer.
func (b *Builder) misfit(format string, args ...any) {
	b.Errorf("%w", shapeError(fmt.Sprintf(format, args...)))
}

// shown is a shape as messages print it: layers see concrete batches, users don't.
func shown(s tensor.Shape) tensor.Shape {
	s = s.Clone()
	if len(s) > 0 {
		s[0] = tensor.Unknown
	}
	return s
}

// dtype reports element types that layers do not compute in.
func (b *Builder) dtype(name string) {
	if _, err := ParsePolicy(name); err != nil {
		b.Errorf("%w", err)
	}
}

// input checks a layer's arguments and inputs as far as all layers share them:
// the dtype, that there is one input, and its axes, given by name. No names mean
// that any number of axes will do; "..." as second name stands for any number of
// axes, even none.
func (b *Builder) input(in []tensor.Shape, dtype string, axes ...string) (tensor.Shape, bool) {
	b.dtype(dtype)
	if len(in) != 1 {
		b.misfit("wants 1 input, got %d", len(in))
		return nil, false
	}
	s := in[0]
	open := len(axes) > 1 && axes[1] == "..."
	if len(axes) == 0 || open && len(s) >= len(axes)-1 || !open && len(s) == len(axes) {
		return s, true
	}
	b.misfit("input %v has %d axes; wanted (%s)", shown(s), len(s), strings.Join(axes, ", "))
	return nil, false
}

// planes is input for the layers that know channels: rank spatial axes. The
// result is in channels_last order.
func (b *Builder) planes(in []tensor.Shape, dtype, format string, rank int) (tensor.Shape, bool) {
	axes := append(append([]string{"batch"}, [][]string{1: {"steps"}, 2: {"height", "width"}, 3: {"depth", "height", "width"}}[rank]...), "channels")
	if format == "channels_first" {
		axes = toFirst(axes)
	}
	s, ok := b.input(in, dtype, axes...)
	if ok && format == "channels_first" {
		s = toLast(s)
	}
	return s, ok
}

// toLast moves item 1 of a list to its end, toFirst moves it back.
func toLast[S ~[]E, E any](s S) S {
	return append(append(append(S{}, s[0]), s[2:]...), s[1])
}

func toFirst[S ~[]E, E any](s S) S {
	n := len(s)
	return append(append(append(S{}, s[0]), s[n-1]), s[1:n-1]...)
}

func axesOf(x graph.Value) []int {
	axes := make([]int, len(x.Shape()))
	for i := range axes {
		axes[i] = i
	}
	return axes
}

// channelsLast returns x with its channels last, where format tells where they
// are; channelsAs returns x, whose channels are last, in the given format.
func channelsLast(x graph.Value, format string) graph.Value {
	if format != "channels_first" {
		return x
	}
	return ops.Transpose(x, toLast(axesOf(x))...)
}

func channelsAs(x graph.Value, format string) graph.Value {
	if format != "channels_first" {
		return x
	}
	return ops.Transpose(x, toFirst(axesOf(x))...)
}

// penalise adds the penalty of a layer's outputs to the loss. Keras divides it by
// the batch size.
func (c *Context) penalise(reg any, out ...graph.Value) {
	for _, y := range out {
		if reg != nil && c.Graph().Err() == nil {
			c.AddLoss(ops.DivScalar(regularizers.Apply(reg, y), float64(y.Shape()[0])))
		}
	}
}

// axis resolves a possibly negative axis of the input.
func (b *Builder) axis(s tensor.Shape, axis int) (int, bool) {
	a, ok := s.Axis(axis)
	if !ok {
		b.misfit("input %v has no axis %d", shown(s), axis)
	}
	return a, ok
}

// axes is axis for a list that must not be empty.
func (b *Builder) axes(s tensor.Shape, list []int) ([]int, bool) {
	if len(list) == 0 {
		b.Errorf("axis is empty")
		return nil, false
	}
	var out []int
	for _, axis := range list {
		a, ok := b.axis(s, axis)
		if !ok {
			return nil, false
		}
		out = append(out, a)
	}
	return out, true
}

// spread reshapes a weight of one axis for each of axes so that it broadcasts
// against x, whose axes they are.
func spread(w, x graph.Value, axes ...int) graph.Value {
	rank := len(x.Shape())
	if len(axes) == 1 && axes[0] == rank-1 {
		return w
	}
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = 1
	}
	for _, a := range axes {
		shape[a] = x.Shape()[a]
	}
	return ops.Reshape(w, shape...)
}

// last reports whether axes are the last ones of x, in order.
func last(axes []int, x graph.Value) bool {
	for i, a := range axes {
		if a != x.Shape().Rank()-len(axes)+i {
			return false
		}
	}
	return true
}

// tupleOf prints a list of numbers as Python prints a tuple, -1 included.
type tupleOf []int

func (t tupleOf) String() string {
	s := strings.Join(strings.Fields(strings.Trim(fmt.Sprint([]int(t)), "[]")), ", ")
	if len(t) == 1 {
		s += ","
	}
	return "(" + s + ")"
}
