package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// FlipOp reverses the order along axes.
type FlipOp struct{ Axes graph.Dims }

// Infer keeps the shape and the type.
func (o FlipOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Flip", in, 1); err != nil {
		return nil, err
	}
	for _, a := range o.Axes.List() {
		if a < 0 || a >= len(in[0].Shape) {
			return nil, misfit("Flip", "axis %d is outside %v", a, in[0].Shape)
		}
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient flips back.
func (o FlipOp) Gradient(in, out, dout []value) []value { return []value{graph.Apply1(o, dout[0])} }

// Eval copies with negative strides.
func (o FlipOp) Eval(out, in []array) {
	s := in[0].Shape()
	if s.Size() == 0 {
		return
	}
	from := lane{strides: s.Strides()}
	for _, a := range o.Axes.List() {
		from.base += (s[a] - 1) * from.strides[a]
		from.strides[a] = -from.strides[a]
	}
	copyStrided(out[0], in[0], s, dense(s), from)
}

// Flip reverses the order of x along the axes; without any, along all.
func Flip(x graph.Value, axes ...int) graph.Value {
	list, ok := axesOf(x, "Flip", axes)
	if !ok {
		return x
	}
	return graph.Apply1(FlipOp{graph.MakeDims(list...)}, x)
}

var _ graph.Op = FlipOp{}
