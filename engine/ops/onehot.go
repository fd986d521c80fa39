package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// OneHotOp turns each id into a row of Depth zeros with a one at the id. An id
// outside the row gives zeros only.
type OneHotOp struct {
	Depth int
	DType tensor.DType
}

// Infer appends an axis of length Depth.
func (o OneHotOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("OneHot", in, 1); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Int32 {
		return nil, misfit("OneHot", "ids must be int32, got %v; use Cast", in[0])
	}
	if o.Depth < 0 {
		return nil, misfit("OneHot", "depth is %d", o.Depth)
	}
	to := spec{DType: o.DType, Shape: append(in[0].Shape.Clone(), o.Depth)}
	if err := wantNumber("OneHot", to); err != nil {
		return nil, err
	}
	return []spec{to}, nil
}

// Gradient is none.
func (OneHotOp) Gradient(in, out, dout []value) []value { return make([]value, 1) }

// Eval sets the ones.
func (o OneHotOp) Eval(out, in []array) {
	fill(out[0], 0)
	for i, id := range in[0].Int32s() {
		if id >= 0 && int(id) < o.Depth {
			out[0].SetFloat64At(i*o.Depth+int(id), 1)
		}
	}
}

// OneHot turns int32 ids into rows of depth zeros with a one at the id. An id
// outside the row gives zeros only. It has no gradient.
func OneHot(ids graph.Value, depth int, dtype tensor.DType) graph.Value {
	return graph.Apply1(OneHotOp{depth, dtype}, ids)
}

var _ graph.Op = OneHotOp{}
