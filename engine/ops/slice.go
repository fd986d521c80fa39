package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// SliceOp takes, on axis i, the Sizes[i] elements Starts[i], Starts[i]+Steps[i], …
type SliceOp struct{ Starts, Sizes, Steps graph.Dims }

// Infer wants a range on every axis, within the input.
func (o SliceOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Slice", in, 1); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if o.Starts.Len() != len(s) || o.Sizes.Len() != len(s) || o.Steps.Len() != len(s) {
		return nil, misfit("Slice", "starts %v, sizes %v and steps %v must have one entry for each axis of %v", o.Starts, o.Sizes, o.Steps, s)
	}
	for i, d := range s {
		start, size, step := o.Starts.At(i), o.Sizes.At(i), o.Steps.At(i)
		if step < 1 {
			return nil, misfit("Slice", "step %d on axis %d must be positive; use Flip", step, i)
		}
		if start < 0 || size < 0 || start > d || size > 0 && start+(size-1)*step >= d {
			return nil, misfit("Slice", "start %d, size %d, step %d on axis %d leave %v", start, size, step, i, s)
		}
	}
	return one(in[0].DType, o.Sizes.List())
}

// Gradient puts the elements back among zeros.
func (o SliceOp) Gradient(in, out, dout []value) []value {
	n := o.Starts.Len()
	after, interior := make([]int, n), make([]int, n)
	for i := range n {
		if size := o.Sizes.At(i); size > 0 {
			interior[i] = o.Steps.At(i) - 1
			after[i] = in[0].Shape()[i] - o.Starts.At(i) - (size-1)*o.Steps.At(i) - 1
		} else {
			after[i] = in[0].Shape()[i] - o.Starts.At(i)
		}
	}
	op := PadOp{o.Starts, graph.MakeDims(after...), graph.MakeDims(interior...), 0}
	return []value{graph.Apply1(op, dout[0])}
}

// Eval copies with the input's strides times the steps.
func (o SliceOp) Eval(out, in []array) {
	from := lane{strides: in[0].Shape().Strides()}
	for i := range from.strides {
		from.base += o.Starts.At(i) * from.strides[i]
		from.strides[i] *= o.Steps.At(i)
	}
	s := out[0].Shape()
	copyStrided(out[0], in[0], s, dense(s), from)
}

// Slice takes a box out of x: on axis i, sizes[i] elements from starts[i] on. A
// size of -1 takes all that follow.
func Slice(x graph.Value, starts, sizes []int) graph.Value {
	return SliceStep(x, starts, sizes, slices.Repeat([]int{1}, len(starts)))
}

// SliceStep takes, on axis i, the sizes[i] elements starts[i], starts[i]+steps[i],
// and so on. A negative start counts from the end; a size of -1 takes all that
// follow. Steps must be positive.
func SliceStep(x graph.Value, starts, sizes, steps []int) graph.Value {
	if broken(x) || tooLong(x, "Slice", starts) || tooLong(x, "Slice", sizes) || tooLong(x, "Slice", steps) {
		return x
	}
	s := x.Shape()
	starts, sizes = slices.Clone(starts), slices.Clone(sizes)
	whole := true
	if len(starts) == len(s) && len(sizes) == len(s) && len(steps) == len(s) {
		for i, d := range s {
			if starts[i] < 0 {
				starts[i] += d
			}
			if sizes[i] == -1 && steps[i] > 0 {
				sizes[i] = max(0, (d-starts[i]+steps[i]-1)/steps[i])
			}
			whole = whole && starts[i] == 0 && sizes[i] == d && steps[i] == 1
		}
		if whole {
			return x
		}
	}
	return graph.Apply1(SliceOp{graph.MakeDims(starts...), graph.MakeDims(sizes...), graph.MakeDims(steps...)}, x)
}

var _ graph.Op = SliceOp{}
